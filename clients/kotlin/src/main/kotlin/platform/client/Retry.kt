package platform.client

import java.time.Instant
import java.time.ZonedDateTime
import java.time.format.DateTimeFormatter
import kotlin.math.max
import kotlin.math.min
import okhttp3.Interceptor
import okhttp3.Request
import okhttp3.Response

/**
 * When a request is sent again.
 *
 * @param attempts how often a request is sent in all; 1 is never again
 * @param firstDelayMilliseconds the longest wait before the second attempt; before each further one it is twice that
 * @param mostDelayMilliseconds the longest wait at all; an answer whose `Retry-After` asks for more is given to the caller
 */
data class RetryPolicy(
    val attempts: Int = 4,
    val firstDelayMilliseconds: Long = 200,
    val mostDelayMilliseconds: Long = 5000,
)

/** Answers that tell of a moment: too many requests, or a service that is busy or away. */
private val PASSING = setOf(429, 502, 503, 504)

/** Safe to send again by HTTP itself: https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2 */
private val IDEMPOTENT = setOf("GET", "HEAD", "OPTIONS", "PUT", "DELETE")

/** Whether a request may be sent again when it is not known what became of it. */
internal fun repeatable(request: Request): Boolean =
    request.method in IDEMPOTENT || request.header("Idempotency-Key") != null

/**
 * How long to wait before a request is sent again.
 *
 * @param sent how often it has been, 1 or more
 * @param response what was answered; null when nothing was
 * @param random from 0 to 1: clients that failed together do not come back together
 * @return milliseconds; null when it must not be
 */
internal fun delayBefore(sent: Int, response: Response?, policy: RetryPolicy, random: Double, nowMilliseconds: Long): Long? {
    if (sent >= policy.attempts) return null
    if (response != null && response.code !in PASSING) return null
    val most = min(policy.firstDelayMilliseconds shl min(sent - 1, 20), policy.mostDelayMilliseconds)
    val asked = retryAfter(response?.header("Retry-After"), nowMilliseconds)
    return if (asked > policy.mostDelayMilliseconds) null else asked + (random * most).toLong()
}

/** Of seconds, or of a date. Milliseconds from now, 0 when it says nothing. */
private fun retryAfter(value: String?, nowMilliseconds: Long): Long {
    if (value == null) return 0
    value.toLongOrNull()?.let { return max(0, it * 1000) }
    return httpDate(value)?.let { max(0, it.toEpochMilli() - nowMilliseconds) } ?: 0
}

/**
 * Keeps the `Retry-After` of a 503 from OkHttp. When it is 0, OkHttp itself would send any request again, a POST too, without a wait and
 * beyond the attempts that [RetryPolicy] allows; and it throws when the number is too large for it. [hide] comes first of the network
 * interceptors, [restore] last of the others: all but OkHttp see the header as it was.
 */
internal object HiddenRetryAfter {
    private const val NAME = "Retry-After"
    private const val HIDDEN = "Hidden-Retry-After"

    val hide = Interceptor { chain -> chain.proceed(chain.request()).renamed(NAME, HIDDEN) }
    val restore = Interceptor { chain -> chain.proceed(chain.request()).renamed(HIDDEN, NAME) }

    private fun Response.renamed(from: String, to: String): Response {
        if (code != 503) return this
        val renamed = headers.newBuilder().removeAll(from).removeAll(to)
        // What a server sends is taken as it is, as OkHttp takes it.
        for (value in headers.values(from)) renamed.addUnsafeNonAscii(to, value)
        return newBuilder().headers(renamed.build()).build()
    }
}

/** E.g. of `Wed, 01 Dec 2027 00:00:00 GMT`; null when it is no such date. */
internal fun httpDate(value: String): Instant? =
    runCatching { ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant() }.getOrNull()
