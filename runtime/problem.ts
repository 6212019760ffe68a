/** One violated rule of the contract. */
export interface Violation {
  /** JSON pointer into the body as a URI fragment, e.g. `#/title`. */
  readonly pointer?: string;
  /** Name of the query parameter or header. */
  readonly parameter?: string;
  /** What must hold, e.g. `must have at most 200 characters`. */
  readonly detail: string;
}

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
  412: "Precondition Failed",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  416: "Range Not Satisfiable",
  422: "Unprocessable Content",
  428: "Precondition Required",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

/** An error that the client is told: thrown anywhere below the handler, answered as problem details (RFC 9457). */
export class Problem extends Error {
  constructor(
    /** HTTP status. */
    readonly status: number,
    /** One sentence for whoever builds the client. Never holds what a user wrote. */
    readonly detail: string,
    /** The violated rules. */
    readonly violations: readonly Violation[] = [],
    /** Further headers, e.g. the current ETag with 412. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(`${status} ${detail}`);
    this.name = "Problem";
  }

  /** The problem as a body, in the shape of the gateway's own. */
  body(requestId: string): string {
    return JSON.stringify({
      type: "about:blank",
      title: TITLES[this.status] ?? "Error",
      status: this.status,
      detail: this.detail,
      requestId,
      ...(this.violations.length > 0 && { errors: this.violations }),
    });
  }
}

/** Violations that an answer names at most: a small body can have tens of thousands, which would make a large answer. */
export const MOST_VIOLATIONS = 100;

/** The problem of a request that is not what the contract says. @param violations one or more */
export function invalidRequest(violations: readonly Violation[]): Problem {
  const named = violations.slice(0, MOST_VIOLATIONS);
  const count = named.length < violations.length ? `more than ${MOST_VIOLATIONS}` : named.length;
  return new Problem(400, `The request has ${count} error${count === 1 ? "" : "s"}.`, named);
}
