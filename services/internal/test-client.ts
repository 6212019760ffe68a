import { ApiContract } from "../../scripts/internal/api-contract";

/** A request of a test. */
export interface TestRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a text as it is. */
  readonly json?: unknown;
}

/** An answer, its body from JSON. */
export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into bodies whose shape they assert.
  readonly body: any;
}

/**
 * For tests: makes requests of a service. An answer that the service's contract does not have fails the test.
 *
 * @param file e.g. `api/orders/v1.yaml`
 * @returns a function of the service's address, the path with its query, and the rest of a request
 */
export function testClient(file: string) {
  const contract = new ApiContract(file);
  return async (
    url: string,
    path: string,
    { method = "GET", headers = {}, json }: TestRequest = {},
  ): Promise<TestAnswer> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...(json !== undefined && { "content-type": "application/json" }), ...headers },
      ...(json !== undefined && { body: typeof json === "string" ? json : JSON.stringify(json) }),
    });
    const answer = { status: response.status, headers: response.headers, text: await response.text() };
    expect(contract.violationsAt(method, path, answer)).toEqual([]);
    const { text, ...rest } = answer;
    return { ...rest, body: text === "" ? undefined : JSON.parse(text) };
  };
}
