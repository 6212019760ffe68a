package platform.client

import java.time.Instant
import java.util.concurrent.atomic.AtomicBoolean
import okhttp3.Headers

/**
 * What a version of an API says on its answers once it is deprecated: RFC 9745, and RFC 8594 for the sunset.
 *
 * @param deprecatedAt when it began, or will begin
 * @param sunsetAt when the version may stop to answer
 * @param successor address of the version that comes after it
 * @param documentation address of a page for its developers
 */
data class Deprecation(
    val api: Api,
    val deprecatedAt: Instant,
    val sunsetAt: Instant? = null,
    val successor: String? = null,
    val documentation: String? = null,
)

/** Tells once that an API is deprecated. */
internal class DeprecationNotice(private val api: Api, private val tell: ((Deprecation) -> Unit)?) {
    private val told = AtomicBoolean()

    /** A call does not fail for what is only told, or cannot be read. */
    fun look(headers: Headers) {
        if (tell == null || told.get()) return
        runCatching {
            val deprecation = deprecationOf(api, headers) ?: return
            if (told.compareAndSet(false, true)) tell(deprecation)
        }
    }
}

private val SECONDS = Regex("@(-?\\d+)")

/** A target and what is said of it: https://www.rfc-editor.org/rfc/rfc8288#section-3 */
private val LINK = Regex("""<([^>]*)>((?:\s*;\s*[^\s=;,]+(?:\s*=\s*(?:"[^"]*"|[^\s;,"]*))?)*)""")
private val PARAMETER = Regex(""";\s*([^\s=;,]+)(?:\s*=\s*(?:"([^"]*)"|([^\s;,"]*)))?""")

private fun deprecationOf(api: Api, headers: Headers): Deprecation? {
    val seconds = SECONDS.matchEntire(headers["Deprecation"].orEmpty().trim())?.groupValues?.get(1) ?: return null
    val links = headers.values("Link").joinToString()
    return Deprecation(
        api,
        deprecatedAt = Instant.ofEpochSecond(seconds.toLong()),
        sunsetAt = headers["Sunset"]?.let(::httpDate),
        successor = linkIn(links, "successor-version"),
        documentation = linkIn(links, "deprecation"),
    )
}

/** Target of the first link of a relation. */
private fun linkIn(links: String, relation: String): String? =
    LINK.findAll(links).firstOrNull { relation in relationsOf(it.groupValues[2]) }?.groupValues?.get(1)

private fun relationsOf(parameters: String): List<String> {
    val rel = PARAMETER.findAll(parameters).firstOrNull { it.groupValues[1].equals("rel", ignoreCase = true) }
    return rel?.destructured?.let { (_, quoted, plain) -> (quoted + plain).lowercase().split(" ") }.orEmpty()
}
