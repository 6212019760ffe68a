import { randomUUID } from "node:crypto";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetFunctionCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import { administratorConfig } from "./internal/environment";
import type { Problem } from "./internal/http";

/** How the database fails. */
const FAILURES = {
  hangs: () => {},
  "breaks the connection": (response: ServerResponse) => response.destroy(),
  throttles: (response: ServerResponse) => answer(response, 400, "ProvisionedThroughputExceededException"),
  "fails by itself": (response: ServerResponse) => answer(response, 500, "InternalServerError"),
} as const;

function answer(response: ServerResponse, status: number, type: string): void {
  response.writeHead(status, { "Content-Type": "application/x-amz-json-1.0" });
  response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: type }));
}

/** A function of the deployed code, rights and settings whose database is the stand-in below. */
const FUNCTION = `dependency-failure-${randomUUID()}`;
/** Attempts of the function's client; see runtime/aws-client.ts. */
const ATTEMPTS = 3;

let lambda: LambdaClient;
/** A stand-in of DynamoDB that fails as it is told. */
let database: Server;
let failure: keyof typeof FAILURES;
let attempts: number;
let timeoutSeconds: number;

beforeAll(async () => {
  database = createServer((request, response) => {
    attempts++;
    request.resume().on("end", () => FAILURES[failure](response));
  });
  await new Promise<void>((done) => database.listen(0, "127.0.0.1", done));

  lambda = new LambdaClient(administratorConfig());
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand());
  const deployed = Functions.find(({ FunctionName }) => FunctionName?.endsWith("-todos-v1"));
  const { Configuration, Code } = await lambda.send(
    new GetFunctionCommand({ FunctionName: deployed?.FunctionName ?? "", Qualifier: "live" }),
  );
  timeoutSeconds = Configuration?.Timeout ?? 0;
  const code = await fetch(Code?.Location ?? "");
  expect(code.status).toBe(200);
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: FUNCTION,
      Role: Configuration?.Role,
      Runtime: Configuration?.Runtime,
      Handler: Configuration?.Handler,
      Timeout: Configuration?.Timeout,
      MemorySize: Configuration?.MemorySize,
      Code: { ZipFile: new Uint8Array(await code.arrayBuffer()) },
      Environment: {
        Variables: {
          ...Configuration?.Environment?.Variables,
          AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${(database.address() as AddressInfo).port}`,
        },
      },
    }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 30 }, { FunctionName: FUNCTION });
}, 60_000);

afterAll(async () => {
  await lambda.send(new DeleteFunctionCommand({ FunctionName: FUNCTION })).catch(() => {});
  lambda.destroy();
  database.closeAllConnections();
  database.close();
});

/** One request of the API, as the gateway passes it on. */
async function ask(httpMethod: string, resource: string, body?: object) {
  const startedAt = performance.now();
  const event = {
    resource,
    httpMethod,
    path: resource,
    pathParameters: { id: randomUUID() },
    headers: { "content-type": "application/json", "if-match": "*", "idempotency-key": randomUUID() },
    body: body ? JSON.stringify(body) : null,
    requestContext: {
      requestId: "request-1",
      authorizer: { claims: { sub: randomUUID(), token_use: "id" } },
    },
  };
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: FUNCTION, Payload: JSON.stringify(event) }),
  );
  const text = Payload?.transformToString() ?? "";
  // An error of Lambda's own would be the timeout, or a crash.
  expect({ FunctionError, ...(FunctionError !== undefined && { text }) }).toEqual({});
  const answered = JSON.parse(text) as { statusCode: number; headers: Record<string, string>; body: string };
  return {
    status: answered.statusCode,
    headers: answered.headers,
    problem: JSON.parse(answered.body) as Problem,
    seconds: (performance.now() - startedAt) / 1000,
  };
}

const REQUESTS = [
  ["GET", "/todos", undefined],
  ["GET", "/todos/{id}", undefined],
  ["POST", "/todos", { title: "a" }],
  ["PUT", "/todos/{id}", { title: "a" }],
  ["DELETE", "/todos/{id}", undefined],
] as const;

test("control 12: while the database hangs, every request is answered 504 before the function's timeout", async () => {
  failure = "hangs";
  expect(timeoutSeconds).toBe(10);
  const asked = REQUESTS.map(async ([method, resource, body]) => ({
    request: `${method} ${resource}`,
    ...(await ask(method, resource, body)),
  }));
  for (const { request, status, headers, problem, seconds } of await Promise.all(asked)) {
    expect({ request, status, type: headers["Content-Type"], problem }).toEqual({
      request,
      status: 504,
      type: "application/problem+json",
      problem: {
        type: "about:blank",
        title: "Gateway Timeout",
        status: 504,
        detail: "The database did not answer in time. Whether a write took place is not known.",
        requestId: "request-1",
      },
    });
    expect(seconds).toBeLessThan(timeoutSeconds);
  }
});

test.each([
  ["throttles", 503, "The database is busy. Try again."],
  ["fails by itself", 503, "The database is away. Try again."],
  // Broken off after the request: what became of it is not known, as after a silence.
  [
    "breaks the connection",
    504,
    "The database did not answer in time. Whether a write took place is not known.",
  ],
] as const)(
  "control 11: a database that %s is asked three times at most, then the answer is %i",
  async (how, expected, detail) => {
    failure = how;
    attempts = 0;
    const { status, headers, problem } = await ask("GET", "/todos");
    expect(problem).toMatchObject({ status: expected, detail, requestId: "request-1" });
    expect(status).toBe(expected);
    expect(headers["Retry-After"]).toBe(expected === 503 ? "1" : undefined);
    expect(attempts).toBe(ATTEMPTS);
  },
);

test("control 12: when nobody listens where the database was, the answer is 503", async () => {
  database.closeAllConnections();
  await new Promise((done) => database.close(done));
  const { status, problem, seconds } = await ask("GET", "/todos");
  expect(problem).toMatchObject({ status: 503, detail: "The database is away. Try again." });
  expect(status).toBe(503);
  expect(seconds).toBeLessThan(timeoutSeconds);
});
