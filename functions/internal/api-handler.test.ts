import type { APIGatewayProxyEvent, Context } from "aws-lambda";
import { type ApiHandlerConfig, type ApiRequest, apiHandler, Problem, Tracing } from ".";
import { recordingObservability } from "./recording-observability";

const context = { getRemainingTimeInMillis: () => 10_000 } as Context;

function event(changes: Partial<APIGatewayProxyEvent> = {}): APIGatewayProxyEvent {
  return {
    httpMethod: "GET",
    resource: "/things/{id}",
    path: "/things/1",
    pathParameters: { id: "1" },
    headers: { "X-Thing": "a" },
    requestContext: { requestId: "request-1", authorizer: { claims: { sub: "user-1" } } },
    body: null,
    isBase64Encoded: false,
    ...changes,
  } as APIGatewayProxyEvent;
}

/** Calls a handler with what `config` says, and tells what it answered and logged. */
async function call(
  config: Partial<ApiHandlerConfig>,
  changes?: Partial<APIGatewayProxyEvent>,
  with_ = context,
) {
  const { observability, lines } = recordingObservability();
  const handler = apiHandler({ observability, answer: async () => ({ status: 204 }), ...config });
  return { result: await handler(event(changes), with_), lines };
}

/** The request that a handler receives for an event. */
async function received(changes: Partial<APIGatewayProxyEvent>): Promise<ApiRequest> {
  let request: ApiRequest | undefined;
  await call(
    {
      answer: async (given) => {
        request = given;
        return { status: 204 };
      },
    },
    changes,
  );
  return request as ApiRequest;
}

describe("request", () => {
  test("headers are found in letters of any case", async () => {
    const request = await received({ headers: { "if-MATCH": '"1"' } });
    expect(request.header("If-Match")).toBe('"1"');
    expect(request.header("If-None-Match")).toBeUndefined();
  });

  test("a header that was sent in several lines has all their values", async () => {
    const request = await received({
      headers: { "If-Match": '"2"', "if-none-match": '"4"' },
      multiValueHeaders: { "If-Match": ['"1"', '"2"'], "if-none-match": ['"3"'], "IF-None-Match": ['"4"'] },
    });
    expect(request.header("If-Match")).toBe('"1", "2"');
    expect(request.header("If-None-Match")).toBe('"3", "4"');
  });

  test("a query parameter has all its values", async () => {
    const request = await received({
      queryStringParameters: { status: "done", limit: "5" },
      multiValueQueryStringParameters: { status: ["open", "done"] },
    });
    expect(request.query).toEqual({ status: ["open", "done"], limit: ["5"] });
  });

  test("a body in base64 is decoded", async () => {
    const request = await received({ body: Buffer.from("{}").toString("base64"), isBase64Encoded: true });
    expect(request.body?.toString()).toBe("{}");
  });

  test("an empty body is none", async () => {
    expect((await received({ body: "" })).body).toBeUndefined();
  });

  test("without an authorizer there are no claims", async () => {
    const request = await received({ requestContext: { requestId: "r" } as never });
    expect(request.claims).toEqual({});
  });

  test("who signed is known where the gateway says so, and only there", async () => {
    const userArn = "arn:aws:sts::111111111111:assumed-role/storefront/task";
    const signed = await received({ requestContext: { requestId: "r", identity: { userArn } } as never });
    expect(signed.callerArn).toBe(userArn);
    const unsigned = await received({
      requestContext: { requestId: "r", identity: { userArn: null } } as never,
    });
    expect(unsigned).not.toHaveProperty("callerArn");
    expect(await received({})).not.toHaveProperty("callerArn");
  });
});

describe("answer", () => {
  test("control 38: HSTS and nosniff on every answer", async () => {
    const { result } = await call({});
    expect(result.headers).toMatchObject({
      "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
      "X-Content-Type-Options": "nosniff",
    });
  });

  test("is for the client alone, which checks it before each use", async () => {
    const { result } = await call({ answer: async () => ({ status: 200, body: "{}" }) });
    expect(result).toMatchObject({
      statusCode: 200,
      body: "{}",
      headers: { "Cache-Control": "private, no-cache", "Content-Type": "application/json" },
    });
  });

  test("without a body has no content type", async () => {
    const { result } = await call({});
    expect(result.headers).not.toHaveProperty("Content-Type");
    expect(result.body).toBe("");
  });

  test("without corsOrigin no browser may read it", async () => {
    const { result } = await call({});
    expect(Object.keys(result.headers ?? {}).filter((name) => name.startsWith("Access-Control"))).toEqual([]);
  });

  test("with corsOrigin that origin may read it, its ETag too", async () => {
    const { result } = await call({ corsOrigin: "https://app.example.com" });
    expect(result.headers).toMatchObject({
      "Access-Control-Allow-Origin": "https://app.example.com",
      "Access-Control-Expose-Headers": "ETag,Location,Retry-After",
      Vary: "Origin",
    });
  });
});

describe("problem", () => {
  const failing = (error: unknown): Partial<ApiHandlerConfig> => ({ answer: () => Promise.reject(error) });

  test("is answered as problem details, and kept by nobody", async () => {
    const problem = new Problem(412, "Changed.", [], { ETag: '"2"' });
    const { result } = await call(failing(problem));
    expect(result.statusCode).toBe(412);
    expect(result.headers).toMatchObject({
      "Content-Type": "application/problem+json",
      "Cache-Control": "no-store",
      ETag: '"2"',
    });
    expect(JSON.parse(result.body)).toEqual({
      type: "about:blank",
      title: "Precondition Failed",
      status: 412,
      detail: "Changed.",
      requestId: "request-1",
    });
  });

  test("names every violation", async () => {
    const violations = [{ pointer: "#/title", detail: "is required" }];
    const { result } = await call(failing(new Problem(400, "The request has 1 error.", violations)));
    expect(JSON.parse(result.body).errors).toEqual(violations);
  });

  test.each([
    [401, { "WWW-Authenticate": "Bearer" }],
    [503, { "Retry-After": "1" }],
  ])("%i tells what to do", async (status, headers) => {
    const { result } = await call(failing(new Problem(status, "No.")));
    expect(result.headers).toMatchObject(headers);
  });

  test("control 28: an unknown error is 500 with the request id, and neither answer nor log holds its message", async () => {
    const { result, lines } = await call(failing(new Error("title: buy a present for Ann")));
    expect(result.statusCode).toBe(500);
    expect(JSON.parse(result.body)).toMatchObject({
      detail: "The service failed. Quote the request id when asking for help.",
      requestId: "request-1",
    });
    expect(JSON.stringify([result, lines])).not.toContain("Ann");
    expect(lines[0]).toMatchObject({ level: "error", message: "failed", cause: { name: "Error" } });
  });

  test("an error of a dependency is what problemOf makes of it", async () => {
    const { result } = await call({
      ...failing(new Error("busy")),
      problemOf: () => new Problem(503, "Busy."),
    });
    expect(result.statusCode).toBe(503);
  });

  test("control 12: a hanging handler is answered before the function's timeout", async () => {
    const soon = { getRemainingTimeInMillis: () => 2000 } as Context;
    const startedAt = performance.now();
    const { result } = await call(
      { answer: () => new Promise(() => undefined), marginMilliseconds: 1950 },
      {},
      soon,
    );
    expect(result.statusCode).toBe(504);
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});

test("one line is logged for each request, with its route and its trace, and without its path or claims", async () => {
  const { lines } = await call(
    {},
    { headers: { traceparent: "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01" } },
  );
  expect(lines).toEqual([
    {
      level: "info",
      message: "request",
      route: "GET /things/{id}",
      status: 204,
      milliseconds: expect.any(Number),
      requestId: "request-1",
      traceId: "1-5759e988-bd862e3fe1be46a994272793",
    },
  ]);
});

test("what is logged on the way carries the request's id and trace", async () => {
  const { observability, lines } = recordingObservability();
  const answer = async () => {
    observability.logger.warn("cache failed");
    return { status: 204 };
  };
  const headers = { "X-Amzn-Trace-Id": "Self=1-1-1;Root=1-5759e988-bd862e3fe1be46a994272793" };
  await apiHandler({ observability, answer })(event({ headers }), context);
  expect(lines[0]).toEqual({
    level: "warn",
    message: "cache failed",
    requestId: "request-1",
    traceId: "1-5759e988-bd862e3fe1be46a994272793",
  });
});

test.each([
  [204, {}],
  [404, { error: true }],
  [500, { fault: true }],
])("a request that ends with %i is traced by route and status", async (status, flags) => {
  const sent: string[] = [];
  const { observability } = recordingObservability(
    new Tracing({
      environment: { AWS_XRAY_DAEMON_ADDRESS: "h:1", _X_AMZN_TRACE_ID: "Root=1-a-b;Parent=c;Sampled=1" },
      send: async (datagram) => {
        sent.push(datagram.toString());
      },
    }),
  );
  const answer = async () => {
    if (status >= 400) throw new Problem(status, "No.");
    return { status };
  };
  await apiHandler({ observability, answer })(event(), context);
  const { annotations, http, error, fault } = JSON.parse(sent[0]?.split("\n")[1] ?? "");
  expect(annotations).toEqual({ route: "GET /things/{id}", status });
  expect(http).toEqual({ response: { status } });
  expect(JSON.parse(JSON.stringify({ error, fault }))).toEqual(flags);
});
