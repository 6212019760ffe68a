package platform.client

import java.util.Base64
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long

/** Why an ID token is asked for: at first, because the one before it expires, or because an API refused that with 401. */
enum class TokenReason { FIRST, EXPIRED, REFUSED }

/** Gives an ID token of the signed-in user. The client keeps it until it expires. May block; throws what the caller of the API is to see. */
fun interface IdTokenSource {
    fun idToken(reason: TokenReason): String
}

/** Keeps an ID token, and asks for another when it is time. Requests at the same time share one question. */
internal class IdTokens(private val source: IdTokenSource, private val nowMilliseconds: () -> Long) {
    private var token: String? = null

    /** A token that has not expired. */
    @Synchronized
    fun current(): String {
        val kept = token ?: return ask(TokenReason.FIRST)
        return if (expiresBefore(kept, nowMilliseconds() / 1000 + MARGIN_SECONDS)) ask(TokenReason.EXPIRED) else kept
    }

    /** Another token than this one, which was refused. */
    @Synchronized
    fun after(refused: String): String = token?.takeIf { it != refused } ?: ask(TokenReason.REFUSED)

    private fun ask(reason: TokenReason): String = source.idToken(reason).also { token = it }

    private companion object {
        /** Clocks differ, and requests take their time. */
        const val MARGIN_SECONDS = 60

        /** By the token's own word. What cannot be read is left to the API to judge. */
        fun expiresBefore(token: String, seconds: Long): Boolean =
            runCatching {
                val payload = String(Base64.getUrlDecoder().decode(token.split(".")[1]))
                Json.parseToJsonElement(payload).jsonObject.getValue("exp").jsonPrimitive.long < seconds
            }.getOrDefault(false)
    }
}
