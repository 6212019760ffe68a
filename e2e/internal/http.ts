/** Headers of a request, e.g. `{ "If-Match": '"1"' }`. */
export type RequestHeaders = Readonly<Record<string, string>>;

/** An answer of an API. `Body` is what the contract promises for success: look at `status` first. */
export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  /** As it came. */
  readonly text: string;
  /** Parsed where the answer says it is JSON; else undefined. */
  readonly body: Body;
}

/** What a request has besides method and path. */
export interface RequestOptions {
  readonly headers?: RequestHeaders;
  /** What is no text is sent as JSON. */
  readonly body?: unknown;
}

/** Problem details (RFC 9457), as every API of the platform has them. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly requestId: string;
  readonly errors?: readonly {
    readonly pointer?: string;
    readonly parameter?: string;
    readonly detail: string;
  }[];
}

/**
 * Sends a request. Nothing is thrown for a status.
 *
 * @throws Error when there is no answer, or none within a minute
 */
export async function send<Body>(
  method: string,
  url: string,
  { headers, body }: RequestOptions = {},
): Promise<Answer<Body>> {
  const all = new Headers({ ...headers });
  // The emulator sends two bytes behind a preflight's 204, so the connection cannot be used again.
  if (method === "OPTIONS") all.set("Connection", "close");
  if (body !== undefined && !all.has("Content-Type")) all.set("Content-Type", "application/json");
  const response = await fetch(url, {
    method,
    headers: all,
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(60_000),
  });
  const text = await response.text();
  const isJson = /^application\/(.+\+)?json\b/.test(response.headers.get("content-type") ?? "");
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson && text !== "" ? JSON.parse(text) : undefined,
  };
}

/**
 * Checks that an answer is problem details, and gives them.
 *
 * @param status that it must have
 */
export function expectProblem(answer: Answer<unknown>, status: number): Problem {
  expect({ status: answer.status, type: answer.headers.get("content-type"), text: answer.text }).toEqual({
    status,
    type: expect.stringMatching(/^application\/problem\+json\b/),
    text: expect.any(String),
  });
  const problem = answer.body as Problem;
  expect(problem).toMatchObject({ type: "about:blank", status, requestId: expect.stringMatching(/./) });
  return problem;
}
