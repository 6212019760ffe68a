/** One violated rule of a contract, with either `pointer` or `parameter`. */
export interface Violation {
  /** JSON pointer into the body, as a URI fragment, e.g. `#/title`. */
  readonly pointer?: string;
  /** Name of the query parameter or header, e.g. `limit`. */
  readonly parameter?: string;
  /** E.g. `must have at most 200 characters`. */
  readonly detail: string;
}

/** Problem details, RFC 9457, as all APIs give them. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Id of the request in the service's logs; absent when a load balancer or a firewall answered in its place. */
  readonly requestId?: string;
  /** The violations, when there are any to name. */
  readonly errors?: readonly Violation[];
}

/** An API refused the request or failed. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";

  /**
   * @param problem what the API said; made of the status where the answer was no problem details
   * @param headers of the answer, e.g. the current `etag` of what has changed since
   */
  constructor(
    readonly problem: Problem,
    readonly headers: Headers,
  ) {
    super(`${problem.status} ${problem.title}: ${problem.detail}`);
  }

  get status(): number {
    return this.problem.status;
  }
}

/** What the client has is still true: the answer to `ifNoneMatch`. */
export class NotModifiedError extends Error {
  override readonly name = "NotModifiedError";

  constructor() {
    super("304 Not Modified: what the client has is still true");
  }
}

/** There was no answer: no connection, or none in time. Whether a write took place is not known. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";

  constructor(
    url: string,
    override readonly cause: unknown,
  ) {
    super(`${url}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/** The error that an answer stands for, which is not one of success. */
export async function errorOf(response: Response): Promise<ProblemError | NotModifiedError> {
  if (response.status === 304) return new NotModifiedError();
  return new ProblemError(await problemOf(response), response.headers);
}

const REDIRECTS = [301, 302, 303, 307, 308];

/** Of a redirect. Browsers do not tell; what has no host stays at the one that was asked. */
function hostOf({ type, headers }: Response): string {
  if (type === "opaqueredirect") return "a host that the browser does not tell";
  return (
    /^(?:[a-z][a-z0-9+.-]*:)?\/\/(?:[^/?#@]*@)?([^/?#]+)/i.exec(headers.get("Location") ?? "")?.[1] ??
    "the same host"
  );
}

async function problemOf(response: Response): Promise<Problem> {
  const { status, statusText } = response;
  const fallback = { type: "about:blank", title: statusText || `Status ${status}`, status };
  if (response.type === "opaqueredirect" || REDIRECTS.includes(status)) {
    const detail = `The answer is a redirect to ${hostOf(response)}, which is not followed: the tokens would go along.`;
    return { ...fallback, detail };
  }
  const text = await response.text().catch(() => "");
  if (/^application\/(problem\+)?json\b/i.test(response.headers.get("content-type") ?? "")) {
    try {
      const problem: unknown = JSON.parse(text);
      if (typeof problem === "object" && problem !== null && "detail" in problem) {
        return { ...fallback, ...problem, status } as Problem;
      }
    } catch {
      // Said below.
    }
  }
  return { ...fallback, detail: "The answer is no problem details: it is not the service's own." };
}
