package platform.client

import java.util.UUID
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import okhttp3.Call
import okhttp3.HttpUrl
import okhttp3.HttpUrl.Companion.toHttpUrl
import okhttp3.Interceptor
import okhttp3.OkHttpClient
import platform.client.catalog.CatalogApi
import platform.client.infrastructure.RequestConfig
import platform.client.infrastructure.Serializer
import platform.client.infrastructure.Success
import platform.client.orders.OrdersApi
import platform.client.sessions.SessionsApi
import platform.client.storefront.StorefrontApi
import platform.client.todosv1.TodosV1Api
import platform.client.todosv2.Todo
import platform.client.todosv2.TodoPatch
import platform.client.todosv2.TodosV2Api

/** An API of the platform: the host that stands before the platform's, and the path that stands before the contract's. */
enum class Api(internal val host: String, internal val path: String) {
    TODOS_V1("todos", "/v1"),
    TODOS_V2("todos", "/v2"),
    CATALOG("catalog", ""),
    ORDERS("orders", ""),
    STOREFRONT("storefront", ""),
    SESSIONS("sessions", "/v1"),
}

/**
 * All APIs of the platform, for one signed-in user. Calls block: make them off the main thread.
 *
 * Every call fails with a [PlatformException], whatever the API. Requests that are safe to repeat (by their method, or by
 * `idempotencyKey`) are sent again after a wait when a service was busy or away; the ID token is kept, and asked for anew before it expires
 * or once it is refused.
 *
 * @param baseUrl the platform's address, e.g. `https://shop.example.com`; each API has a host name below it, e.g.
 *   `https://todos.shop.example.com/v2`
 * @param idToken gives the signed-in user's ID token
 * @param addresses of APIs that are elsewhere; the contract's paths follow, e.g. `/todos`
 * @param retry when a request is sent again
 * @param http time limits, proxies, certificates, further interceptors
 * @param allowInsecure lets addresses of other machines be `http:`, where whoever is on the way reads the tokens
 * @param onDeprecated is told once of each API whose version is deprecated, by the first answer that says so, on the thread of the call
 * @throws IllegalArgumentException when `baseUrl` is no origin, or an address is `http:` and neither this machine's nor allowed
 */
class PlatformClient(
    baseUrl: String,
    idToken: IdTokenSource,
    addresses: Map<Api, String> = emptyMap(),
    retry: RetryPolicy = RetryPolicy(),
    http: OkHttpClient = OkHttpClient(),
    nowMilliseconds: () -> Long = System::currentTimeMillis,
    random: () -> Double = Math::random,
    allowInsecure: Boolean = false,
    onDeprecated: ((Deprecation) -> Unit)? = null,
) {
    val todosV1: TodosV1Api
    val todosV2: TodosV2
    val catalog: CatalogApi
    val orders: OrdersApi
    val storefront: StorefrontApi
    val sessions: SessionsApi

    /** Token of `sessions.createSession()`, sent along with each request to the storefront. */
    @Volatile
    var session: String? = null

    init {
        val base = baseUrl.toHttpUrl()
        require(base.encodedPath == "/" && base.query == null) {
            "baseUrl must be an origin like https://shop.example.com, got \"$baseUrl\""
        }
        fun address(api: Api): String {
            val own = addresses[api]
            if (!allowInsecure) {
                if (own == null) refuseInsecure("baseUrl", baseUrl) else refuseInsecure("addresses.$api", own)
            }
            return (own ?: base.below(api)).trimEnd('/')
        }
        val tokens = IdTokens(idToken, nowMilliseconds)
        fun calls(api: Api, vararg further: Interceptor): Call.Factory {
            // OkHttp would send again whatever a broken connection may have taken along, or a 408 answered.
            // And a redirect followed would take the session along to whatever host it names.
            val client = http.newBuilder().retryOnConnectionFailure(false).followRedirects(false).followSslRedirects(false)
            // Ours comes first: others see each attempt.
            val transport = Transport(tokens, retry, random, nowMilliseconds, DeprecationNotice(api, onDeprecated))
            client.interceptors().add(0, transport)
            client.interceptors() += further
            client.interceptors() += HiddenRetryAfter.restore
            client.networkInterceptors().add(0, HiddenRetryAfter.hide)
            return TimedCalls(client.build())
        }
        val withSession = Interceptor { chain ->
            val token = session ?: return@Interceptor chain.proceed(chain.request())
            chain.proceed(chain.request().newBuilder().header("X-Session-Token", token).build())
        }
        todosV1 = TodosV1Api(address(Api.TODOS_V1), calls(Api.TODOS_V1))
        todosV2 = TodosV2(address(Api.TODOS_V2), calls(Api.TODOS_V2))
        catalog = CatalogApi(address(Api.CATALOG), calls(Api.CATALOG))
        orders = OrdersApi(address(Api.ORDERS), calls(Api.ORDERS))
        storefront = StorefrontApi(address(Api.STOREFRONT), calls(Api.STOREFRONT, withSession))
        sessions = SessionsApi(address(Api.SESSIONS), calls(Api.SESSIONS))
    }

    private companion object {
        init {
            // A field that is not given must be absent: null would mean to remove it.
            Serializer.kotlinxSerializationJsonConfiguration = { encodeDefaults = false }
        }

        /** This machine's: what is sent to it does not leave it. */
        val LOOPBACK = Regex("(.+\\.)?localhost|127\\.0\\.0\\.1|::1")

        /** Tokens go along with each request. */
        fun refuseInsecure(place: String, address: String) {
            val url = address.toHttpUrl()
            require(url.isHttps || LOOPBACK.matches(url.host)) {
                "$place: must be https, got \"$address\": use https, or set allowInsecure where nobody can listen"
            }
        }

        fun HttpUrl.below(api: Api): String =
            newBuilder().host("${api.host}.$host").build().toString().trimEnd('/') + api.path
    }
}

/** Version 2 of the to-do API. */
class TodosV2 internal constructor(basePath: String, client: Call.Factory) : TodosV2Api(basePath, client) {
    /**
     * Removes what a to-do may be without. [changeTodo] cannot: a null of its patch is a field left alone.
     *
     * @param ifMatch ETag of the to-do, i.e. its version in quotes, or `*` for any
     */
    fun clearTodo(id: UUID, ifMatch: String, note: Boolean = false, dueAt: Boolean = false): Todo {
        val config = changeTodoRequestConfig(id, TodoPatch(), ifMatch)
        val fields = listOfNotNull("note".takeIf { note }, "dueAt".takeIf { dueAt })
        val patch = RequestConfig(
            config.method,
            config.path,
            config.headers,
            query = config.query,
            requiresAuthentication = config.requiresAuthentication,
            body = JsonObject(fields.associateWith { JsonNull }),
        )
        return (request<JsonObject, Todo>(patch) as Success<*>).data as Todo
    }
}
