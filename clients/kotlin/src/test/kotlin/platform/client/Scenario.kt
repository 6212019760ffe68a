package platform.client

import java.io.IOException
import java.time.Duration
import java.time.OffsetDateTime
import java.util.Base64
import java.util.Collections
import java.util.UUID
import java.util.concurrent.Executors
import kotlinx.serialization.encodeToString
import kotlinx.serialization.json.Json
import okhttp3.OkHttpClient
import platform.client.orders.ItemInput
import platform.client.orders.OrderInput
import platform.client.todosv2.TodoInput
import platform.client.todosv2.TodoPatch
import platform.client.todosv2.TodoStatus

private val ID: UUID = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057")
private val ORDER = OrderInput(listOf(ItemInput("teapot", 1)))

/** What became of each call, in words; clients/kotlin's test compares it with what its server saw. */
private class Outcomes {
    val all = LinkedHashMap<String, List<String>>()

    fun record(name: String, reasons: List<TokenReason>, call: () -> Any?) {
        val outcome = try {
            call().toString()
        } catch (error: PlatformException) {
            "${error::class.simpleName}: ${error.message}"
        }
        all[name] = listOf(outcome) + reasons.map { it.name }
    }
}

/**
 * Uses the client against a server that answers by the first part of the path, which is the name of the case.
 *
 * @param args address of the server
 */
fun main(args: Array<String>) {
    val outcomes = Outcomes()
    val http = OkHttpClient.Builder().addInterceptor { chain -> chain.proceed(chain.request()) }.build()

    fun case(
        name: String,
        nowMilliseconds: () -> Long = System::currentTimeMillis,
        token: (Int) -> String = { "token-$it" },
        callTimeout: Duration = Duration.ZERO,
        onDeprecated: ((Deprecation) -> Unit)? = null,
        call: PlatformClient.() -> Any?,
    ) {
        val reasons = Collections.synchronizedList(mutableListOf<TokenReason>())
        val client = PlatformClient(
            baseUrl = "https://shop.example.com",
            idToken = { reason ->
                reasons += reason
                token(reasons.size)
            },
            addresses = Api.entries.associateWith { "${args[0]}/$name/${it.name}" },
            retry = RetryPolicy(firstDelayMilliseconds = 1),
            http = http.newBuilder().callTimeout(callTimeout).build(),
            onDeprecated = onDeprecated,
            nowMilliseconds = nowMilliseconds,
        )
        outcomes.record(name, reasons) { client.call() }
    }

    case("read") { todosV2.getTodo(ID).run { "$title $status $dueAt $attachments" } }
    case("patch") { todosV2.changeTodo(ID, TodoPatch(status = TodoStatus.DONE), "\"1\"").version }
    case("clear") { todosV2.clearTodo(ID, "\"1\"", dueAt = true).version }
    case("create") {
        todosV2.createTodo(TodoInput("Buy milk", dueAt = OffsetDateTime.parse("2030-01-31T18:00:00+01:00"))).id
    }
    case("session") {
        session = "session-1"
        storefront.listOrders()
        orders.listOrders().items.size
    }
    case("problem") { todosV2.deleteTodo(ID, "\"1\"") }
    case("page") { orders.getOrder(ID) }
    case("unchanged") { todosV2.getTodo(ID, ifNoneMatch = "\"1\"") }
    case("broken") { orders.cancelOrder(ID) }
    case("cut-read") { todosV2.getTodo(ID).title }
    case("cut-write") { orders.cancelOrder(ID) }
    case("silent", callTimeout = Duration.ofMillis(300)) { todosV2.getTodo(ID) }
    case("interrupted") {
        todosV2.getTodo(ID)
        Thread.currentThread().interrupt()
        runCatching { orders.cancelOrder(ID) }.exceptionOrNull().also { Thread.interrupted() }
    }
    case("redirect") { todosV2.getTodo(ID) }
    case("busy-read") { todosV2.getTodo(ID).title }
    case("busy-key") { orders.placeOrder(ORDER, "k").version }
    case("busy-no-key") { orders.placeOrder(ORDER) }
    case("busy-patch") { todosV2.changeTodo(ID, TodoPatch(), "\"1\"") }
    case("busy-now") {
        val failure = runCatching { orders.placeOrder(ORDER) }.exceptionOrNull() as ProblemException
        "${failure.problem.status} ${failure.headers["retry-after"]}"
    }
    case("busy-now-read") { todosV2.getTodo(ID) }
    case("timed-out") { orders.placeOrder(ORDER) }
    case("away") { todosV2.getTodo(ID) }
    case("too-long") { todosV2.getTodo(ID) }
    case("far-too-long") { todosV2.getTodo(ID) }
    case("refused") {
        val threads = Executors.newFixedThreadPool(3)
        val calls = List(3) { threads.submit<String> { todosV2.createTodo(TodoInput("a")).title } }
        calls.map { it.get() }.also { threads.shutdown() }
    }
    case("refused-twice") { todosV2.getTodo(ID) }
    case("no-token", token = { throw IOException("sign in again") }) { todosV2.getTodo(ID) }
    var now = 1_000_000L
    case("expired", { now * 1000 }, { tokenUntil(now + 3600) }) {
        todosV2.getTodo(ID)
        now += 3539
        todosV2.getTodo(ID)
        now += 2
        todosV2.getTodo(ID).title
    }
    val deprecations = mutableListOf<Deprecation>()
    case("deprecated", onDeprecated = {
        deprecations += it
        error("no log")
    }) {
        val titles = listOf(todosV1.getTodo(ID).title, todosV1.getTodo(ID).title, todosV2.getTodo(ID).title)
        (titles + deprecations).joinToString("\n")
    }
    case("deprecated-somehow", onDeprecated = { deprecations += it }) {
        todosV2.getTodo(ID)
        deprecations.size
    }
    outcomes.record("no-origin", emptyList()) {
        runCatching { PlatformClient("https://shop.example.com/api", { "" }) }.exceptionOrNull()?.message
    }
    outcomes.record("insecure", emptyList()) {
        runCatching { PlatformClient("http://shop.example.com", { "" }) }.exceptionOrNull()?.message
    }
    outcomes.record("insecure-address", emptyList()) {
        val addresses = mapOf(Api.TODOS_V2 to "http://127.0.0.1.example.com/v2")
        runCatching { PlatformClient("https://shop.example.com", { "" }, addresses) }.exceptionOrNull()?.message
    }
    outcomes.record("insecure-allowed", emptyList()) {
        PlatformClient("http://shop.example.com", { "" }, allowInsecure = true).session
    }
    println(Json.encodeToString(outcomes.all))
}

private fun tokenUntil(seconds: Long): String =
    "e30.${Base64.getUrlEncoder().withoutPadding().encodeToString("{\"exp\":$seconds}".toByteArray())}.c2ln"
