import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { HttpSessions } from "./sessions";

/** What the sessions API got, and what it answers. */
let answer: { status: number; body?: unknown; hang?: boolean };
let requests: { request: IncomingMessage; body: string }[];
let server: Server;
let sessions: HttpSessions;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      requests.push({ request, body });
      if (answer.hang) return;
      response
        .writeHead(answer.status, { "Content-Type": "application/json" })
        .end(JSON.stringify(answer.body ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const CREDENTIALS = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI",
  sessionToken: "token-of-the-role",
};

beforeEach(() => {
  requests = [];
  answer = { status: 200, body: { principal: "user-1", expiresAt: "2030-01-01T00:00:00.000Z" } };
  const { port } = server.address() as AddressInfo;
  sessions = new HttpSessions({
    baseUrl: `http://127.0.0.1:${port}/v 1`,
    region: "eu-west-1",
    credentials: async () => CREDENTIALS,
    now: () => Date.parse("2024-05-01T10:20:30Z"),
  });
});
afterEach(() => sessions.close());

/** Signature Version 4, by its description: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function signatureOf({ request, body }: (typeof requests)[number], signedHeaders: string): string {
  const hash = (text: string) => createHash("sha256").update(text).digest("hex");
  const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
  const headers = signedHeaders.split(";").map((name) => `${name}:${request.headers[name]}\n`);
  // Every service but S3 has the path encoded once more than it is sent.
  const path = (request.url ?? "").split("/").map(encodeURIComponent).join("/");
  const canonical = [request.method, path, "", headers.join(""), signedHeaders, hash(body)].join("\n");
  const scope = "20240501/eu-west-1/execute-api/aws4_request";
  const text = ["AWS4-HMAC-SHA256", "20240501T102030Z", scope, hash(canonical)].join("\n");
  const key = scope.split("/").reduce<string | Buffer>(hmac, `AWS4${CREDENTIALS.secretAccessKey}`);
  return hmac(key, text).toString("hex");
}

test("asks with the token in the body, signed by the task's role for API Gateway", async () => {
  await sessions.check("a-session-token", "user-1");
  expect(requests).toHaveLength(1);
  const [sent] = requests as [(typeof requests)[number]];
  expect([sent.request.method, sent.request.url, sent.body]).toEqual([
    "POST",
    "/v%201/session-checks",
    '{"token":"a-session-token"}',
  ]);
  expect(sent.request.headers["x-amz-security-token"]).toBe("token-of-the-role");
  const [, signedHeaders = "", signature] =
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20240501\/eu-west-1\/execute-api\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/.exec(
      sent.request.headers.authorization ?? "",
    ) ?? [];
  expect(signedHeaders.split(";")).toEqual(
    expect.arrayContaining(["host", "x-amz-date", "x-amz-security-token"]),
  );
  expect(signature).toBe(signatureOf(sent, signedHeaders));
});

test("asks each time: a session that was revoked is out at once", async () => {
  await sessions.check("a", "user-1");
  answer = { status: 404 };
  await expect(sessions.check("a", "user-1")).rejects.toMatchObject({ status: 401 });
  expect(requests).toHaveLength(2);
});

const NO_SESSION = "The session has ended, or is not this user's. Begin one.";

test.each([
  ["that is unknown, expired or revoked", { status: 404 }, NO_SESSION],
  ["that cannot be one", { status: 400 }, NO_SESSION],
  ["of another user", { status: 200, body: { principal: "user-2" } }, NO_SESSION],
])("a token %s is refused", async (_what, told, detail) => {
  answer = told;
  await expect(sessions.check("a", "user-1")).rejects.toMatchObject({
    ...{ name: "Problem", status: 401, detail },
    // Not Bearer: the ID token is good, and a new one would not help.
    headers: { "WWW-Authenticate": 'Session error="invalid_token"' },
  });
});

test.each([
  ["none", undefined],
  ["an empty one", ""],
])("with %s nobody is asked", async (_what, token) => {
  await expect(sessions.check(token, "user-1")).rejects.toMatchObject({
    status: 401,
    detail: "The request needs a session: its token as X-Session-Token.",
    headers: { "WWW-Authenticate": "Session" },
  });
  expect(requests).toEqual([]);
});

test("with one that is too long to be one nobody is asked", async () => {
  await expect(sessions.check("a".repeat(513), "user-1")).rejects.toMatchObject({
    status: 401,
    detail: NO_SESSION,
  });
  expect(requests).toEqual([]);
});

test.each([
  [
    "refuses this service's signature",
    { status: 403 },
    { failure: "invalidAnswer", status: 403, attempts: 1 },
  ],
  ["answers nonsense", { status: 200, body: { principal: 7 } }, { failure: "invalidAnswer", attempts: 1 }],
  ["is busy", { status: 503 }, { failure: "busy", attempts: 3 }],
  ["fails", { status: 502 }, { failure: "fault", attempts: 3 }],
])("a sessions API that %s lets nobody in", async (_what, told, error) => {
  answer = told;
  await expect(sessions.check("a", "user-1")).rejects.toMatchObject({ name: "DependencyError", ...error });
});

test("control 12: a sessions API that hangs lets nobody in, within 3 s", async () => {
  answer = { status: 200, hang: true };
  await expect(sessions.check("a", "user-1")).rejects.toMatchObject({
    name: "DependencyError",
    failure: "timeout",
  });
});
