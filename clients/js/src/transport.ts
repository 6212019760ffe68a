import { ConnectionError, errorOf } from "./errors";
import { Configuration } from "./generated/runtime";
import { delayBefore, type RetryPolicy, repeatable } from "./retry";
import type { IdTokens } from "./tokens";

/** What sends the requests of all APIs. */
export interface TransportConfig {
  readonly fetch: typeof fetch;
  readonly tokens: IdTokens;
  readonly retry: RetryPolicy;
  /** For one attempt, until its answer has been read. */
  readonly timeoutMilliseconds: number;
  readonly random: () => number;
  readonly now: () => number;
}

/** Sends requests for a signed-in user, again where that is safe and may help. */
export class Transport {
  constructor(private readonly config: TransportConfig) {}

  /**
   * What a generated API is made with.
   *
   * @param basePath its address
   * @param headers of each request besides
   * @param onAnswer is told the headers of each answer, of failures too
   */
  configuration(
    basePath: string,
    headers: () => Readonly<Record<string, string>>,
    onAnswer: (headers: Headers) => void,
  ): Configuration {
    return new Configuration({
      basePath,
      fetchApi: (...[url, init]: Parameters<typeof fetch>) =>
        this.send(String(url), {
          ...init,
          headers: { ...headers(), ...Object.fromEntries(new Headers(init?.headers)) },
        }),
      middleware: [
        {
          post: async ({ response }) => {
            onAnswer(response.headers);
            if (!response.ok) throw await errorOf(response);
            return response;
          },
          // The generated code would wrap it.
          onError: async ({ error }) => {
            throw error;
          },
        },
      ],
    });
  }

  /**
   * @returns the last answer, whatever its status
   * @throws ConnectionError when there was none; what the source of tokens or an abort of the caller's throws
   */
  async send(url: string, init: RequestInit): Promise<Response> {
    const { retry, random, now } = this.config;
    const headers = new Headers(init.headers);
    const again = repeatable(init.method ?? "GET", headers);
    for (let sent = 1; ; sent++) {
      const answer = await this.attempt(url, init, headers);
      const response = answer instanceof Response ? answer : undefined;
      const delay = again ? delayBefore(sent, response, retry, random(), now()) : undefined;
      if (delay === undefined) {
        if (response) return response;
        throw answer;
      }
      await wait(delay, init.signal ?? undefined);
    }
  }

  /** Once, and once more with another token when the first was refused: the request was then not looked at. */
  private async attempt(
    url: string,
    init: RequestInit,
    headers: Headers,
  ): Promise<Response | ConnectionError> {
    const { tokens } = this.config;
    const token = await tokens.current();
    const answer = await this.fetch(url, init, headers, token);
    if (!(answer instanceof Response) || answer.status !== 401) return answer;
    const next = await tokens.after(token);
    if (next === token) return answer;
    return await this.fetch(url, init, headers, next);
  }

  private async fetch(
    url: string,
    init: RequestInit,
    headers: Headers,
    token: string,
  ): Promise<Response | ConnectionError> {
    headers.set("Authorization", `Bearer ${token}`);
    const { signal } = init;
    const controller = new AbortController();
    const abort = () => controller.abort(signal?.reason);
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort);
    const { timeoutMilliseconds } = this.config;
    const timer = setTimeout(
      () => controller.abort(new Error(`no answer within ${timeoutMilliseconds} ms`)),
      timeoutMilliseconds,
    );
    try {
      // A redirect followed would take the tokens along to whatever host it names.
      const sent = { ...init, headers, signal: controller.signal, redirect: "manual" } as const;
      return await read(await this.config.fetch(url, sent));
    } catch (error) {
      if (signal?.aborted) throw error;
      return new ConnectionError(url, causeOf(controller.signal, error));
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    }
  }
}

/** An answer that is there as a whole: what breaks off on the way is a failed attempt. */
async function read(answer: Response): Promise<Response> {
  // A browser's redirect shows nothing of itself; no answer can be made with its status, 0.
  if (answer.type === "opaqueredirect") return answer;
  const { status, statusText, headers } = answer;
  // As text, which all answers are: React Native cannot read one as bytes. A status without a body must be given none.
  const body = await answer.text();
  return new Response(body === "" ? null : body, { status, statusText, headers });
}

/** `fetch failed` says nothing: its cause does. */
function causeOf(signal: AbortSignal, error: unknown): unknown {
  if (signal.aborted) return signal.reason;
  return error instanceof Error && error.cause !== undefined ? error.cause : error;
}

function wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((done, fail) => {
    const stop = () => {
      clearTimeout(timer);
      fail(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      done();
    }, milliseconds);
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop);
  });
}
