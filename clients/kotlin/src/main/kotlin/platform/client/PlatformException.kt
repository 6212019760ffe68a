package platform.client

import java.io.IOException
import kotlinx.serialization.Serializable

/** One violated rule of a contract, with either [pointer] (into the body, as a URI fragment) or [parameter]. */
@Serializable
data class Violation(val detail: String, val pointer: String? = null, val parameter: String? = null)

/**
 * Problem details, RFC 9457, as all APIs give them.
 *
 * @param requestId id of the request in the service's logs; null when a load balancer or a firewall answered in its place
 * @param errors the violations, when there are any to name
 */
@Serializable
data class Problem(
    val title: String,
    val status: Int,
    val detail: String,
    val type: String = "about:blank",
    val requestId: String? = null,
    val errors: List<Violation> = emptyList(),
)

/** How calls fail, whatever the API. An IOException, since OkHttp lets no other through. */
sealed class PlatformException(message: String, cause: Throwable? = null) : IOException(message, cause)

/**
 * An API refused the request or failed.
 *
 * @param problem what the API said; made of the status where the answer was no problem details
 * @param headers of the answer by name in small letters, e.g. the current `etag` of what has changed since
 */
class ProblemException(val problem: Problem, val headers: Map<String, List<String>>) :
    PlatformException("${problem.status} ${problem.title}: ${problem.detail}")

/** What the client has is still true: the answer to `ifNoneMatch`. */
class NotModifiedException : PlatformException("304 Not Modified: what the client has is still true")

/** There was no answer: no connection, or none in time. Whether a write took place is not known. */
class ConnectionException(url: String, cause: IOException) : PlatformException("$url: ${cause.message}", cause)

/** The source of ID tokens failed. */
class TokenException(cause: Throwable) : PlatformException("no ID token: ${cause.message}", cause)
