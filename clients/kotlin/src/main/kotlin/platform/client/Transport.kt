package platform.client

import java.io.IOException
import java.io.InterruptedIOException
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.Json
import okhttp3.Call
import okhttp3.Interceptor
import okhttp3.Request
import okhttp3.Response
import okhttp3.ResponseBody.Companion.toResponseBody

/** Sends requests for a signed-in user, again where that is safe and may help; what is no success is thrown. */
internal class Transport(
    private val tokens: IdTokens,
    private val retry: RetryPolicy,
    private val random: () -> Double,
    private val nowMilliseconds: () -> Long,
    private val deprecation: DeprecationNotice,
) : Interceptor {
    override fun intercept(chain: Interceptor.Chain): Response {
        val request = chain.request()
        val again = repeatable(request)
        var sent = 1
        while (true) {
            val answer = runCatching { attempt(chain, request) }
            // What is not of the connection is the caller's: there is no token, or it has given up.
            val failure = answer.exceptionOrNull()
            if (failure != null && (failure !is IOException || failure is PlatformException || givenUp(chain))) throw failure
            val response = answer.getOrNull()
            val delay = if (again) delayBefore(sent, response, retry, random(), nowMilliseconds()) else null
            if (delay == null) {
                if (failure is IOException) throw ConnectionException(request.url.toString(), failure)
                return successful(answer.getOrThrow())
            }
            pause(delay)
            sent++
        }
    }

    /** Once, and once more with another token when the first was refused: the request was then not looked at. */
    private fun attempt(chain: Interceptor.Chain, request: Request): Response {
        val token = tokenOf { tokens.current() }
        val response = chain.send(request.withToken(token))
        if (response.code != 401) return response
        val next = tokenOf { tokens.after(token) }
        return if (next == token) response else chain.send(request.withToken(next))
    }

    /** Gives an answer with all of its body: what breaks off on the way is a failed attempt. */
    private fun Interceptor.Chain.send(request: Request): Response = proceed(request).use {
        deprecation.look(it.headers)
        // A 304 may have the Content-Length of what it does not send: OkHttp would wait for that.
        val bytes = if (it.code == 304) ByteArray(0) else it.body.bytes()
        it.newBuilder().body(bytes.toResponseBody(it.body.contentType())).build()
    }

    private fun Request.withToken(token: String) = newBuilder().header("Authorization", "Bearer $token").build()

    private fun successful(response: Response): Response {
        if (response.isSuccessful) return response
        if (response.code == 304) throw NotModifiedException()
        throw ProblemException(problemOf(response), response.headers.toMultimap())
    }

    private companion object {
        val JSON = Json { ignoreUnknownKeys = true }
        val PROBLEM = Regex("^application/(problem\\+)?json\\b", RegexOption.IGNORE_CASE)
        val HOST = Regex("^(?:[a-z][a-z0-9+.-]*:)?//(?:[^/?#@]*@)?([^/?#]+)", RegexOption.IGNORE_CASE)
        val REDIRECTS = setOf(301, 302, 303, 307, 308)

        /** By cancelling the call, or by interrupting its thread. */
        fun givenUp(chain: Interceptor.Chain) = chain.call().isCanceled() || Thread.currentThread().isInterrupted

        fun problemOf(response: Response): Problem {
            val title = response.message.ifEmpty { "Status ${response.code}" }
            if (response.code in REDIRECTS) {
                val location = response.header("Location").orEmpty()
                val host = HOST.find(location)?.groupValues?.get(1) ?: "the same host"
                val detail = "The answer is a redirect to $host, which is not followed: the tokens would go along."
                return Problem(title, response.code, detail)
            }
            if (PROBLEM.containsMatchIn(response.header("Content-Type").orEmpty())) {
                try {
                    return JSON.decodeFromString<Problem>(response.body.string()).copy(status = response.code)
                } catch (_: SerializationException) {
                    // Said below.
                }
            }
            return Problem(title, response.code, "The answer is no problem details: it is not the service's own.")
        }

        /** Whatever the source throws is not of the connection to the API: the request is not sent again for it. */
        fun tokenOf(ask: () -> String): String = try {
            ask()
        } catch (failure: Exception) {
            throw TokenException(failure)
        }

        fun pause(milliseconds: Long) = try {
            Thread.sleep(milliseconds)
        } catch (interruption: InterruptedException) {
            Thread.currentThread().interrupt()
            throw InterruptedIOException("interrupted").apply { initCause(interruption) }
        }
    }
}

/** Calls that fail with a [ConnectionException] when their time is up: OkHttp ends them outside of all interceptors. */
internal class TimedCalls(private val calls: Call.Factory) : Call.Factory {
    override fun newCall(request: Request): Call {
        val call = calls.newCall(request)
        return object : Call by call {
            override fun execute(): Response = try {
                call.execute()
            } catch (failure: InterruptedIOException) {
                // That of an interrupted thread is the caller's.
                if (failure.message != "timeout") throw failure
                throw failure.cause as? PlatformException ?: ConnectionException(request.url.toString(), failure)
            }
        }
    }
}
