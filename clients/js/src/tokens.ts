/** Why an ID token is asked for: at first, because the one before it expires, or because an API refused that with 401. */
export type TokenReason = "first" | "expired" | "refused";

/**
 * Gives an ID token of the signed-in user, e.g. from Amplify: `fetchAuthSession({ forceRefresh: reason === "refused" })`. The client
 * keeps it until it expires.
 *
 * @throws what the caller of the API is to see, e.g. that the user must sign in again
 */
export type IdTokenSource = (reason: TokenReason) => Promise<string>;

/** Seconds before its end from which on a token is not used any more: clocks differ, and requests take their time. */
const MARGIN_SECONDS = 60;

/** Keeps an ID token, and asks for another when it is time. Requests at the same time share one question. */
export class IdTokens {
  private token: string | undefined;
  private asking: Promise<string> | undefined;

  /** @param now milliseconds since 1970 */
  constructor(
    private readonly source: IdTokenSource,
    private readonly now: () => number,
  ) {}

  /** A token that has not expired. */
  current(): Promise<string> {
    if (this.asking) return this.asking;
    if (this.token === undefined) return this.ask("first");
    return expiresBefore(this.token, this.now() / 1000 + MARGIN_SECONDS)
      ? this.ask("expired")
      : Promise.resolve(this.token);
  }

  /** Another token than this one, which was refused. */
  after(refused: string): Promise<string> {
    if (this.asking) return this.asking;
    return this.token !== undefined && this.token !== refused
      ? Promise.resolve(this.token)
      : this.ask("refused");
  }

  private ask(reason: TokenReason): Promise<string> {
    this.asking = this.source(reason)
      .then((token) => {
        this.token = token;
        return token;
      })
      .finally(() => {
        this.asking = undefined;
      });
    return this.asking;
  }
}

/** By the token's own word. What cannot be read is left to the API to judge. */
function expiresBefore(token: string, seconds: number): boolean {
  try {
    const payload = (token.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/");
    const { exp } = JSON.parse(atob(payload)) as { exp?: unknown };
    return typeof exp === "number" && exp < seconds;
  } catch {
    return false;
  }
}
