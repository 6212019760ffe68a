import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { KOTLIN_COMPILER, KOTLIN_LIBRARIES, KOTLIN_SERIALIZATION } from "./artifacts";
import { compileKotlin } from "./kotlin";

const ROOT = resolve(__dirname, "../../..");

const java = spawnSync("java", ["-version"]).status === 0;
/** Whoever has no Java has not changed the client; where it is judged, there must be one. */
const withJava = java || process.env["CI"] ? describe : describe.skip;

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const TODO = {
  ...{ id: "01890a5d-ac96-774b-bcce-b302099a8057", title: "Buy milk", status: "open", priority: "normal" },
  ...{ attachments: ["a.jpg"], version: 2, dueAt: "2030-01-31T18:00:00+01:00", later: "a field of tomorrow" },
  ...{ createdAt: "2026-11-01T00:00:00.000Z", updatedAt: "2026-11-01T00:00:00.000Z" },
};
const ORDER = {
  ...{ id: TODO.id, status: "placed", items: [], totalCents: 0, currency: "EUR", version: 1 },
  ...{ placedAt: TODO.createdAt, cancelledAt: null },
};

function problem(status: number, headers: Record<string, string> = {}): Answer {
  const body = {
    type: "about:blank",
    title: "No",
    status,
    detail: "It cannot be.",
    requestId: "r",
    more: true,
  };
  return { status, body, headers: { "Content-Type": "application/problem+json", ...headers } };
}

const ok = (body: unknown): Answer => ({ status: 200, body });
/** Breaks off. */
const CUT: Answer = { status: 200, body: "{", headers: { "Content-Length": "1000" } };
/** Never comes. */
const SILENCE: Answer = { status: 200 };
const busy = (last: unknown) => (count: number) => (count < 3 ? problem(503) : ok(last));

/** Has commas and semicolons where they separate nothing, and relations of one link. */
const LINK =
  '<https://abc.example.com/v2>; title="a, <b>; rel=deprecation"; rel=successor-version, ' +
  '<https://docs.example.com/a,b>; rel="deprecation sunset"; type="text/html"';

/** What is answered in each case. @param count of the case's requests so far, this one among them */
const ANSWERS: Readonly<Record<string, (count: number, asked: Asked) => Answer | undefined>> = {
  read: () => ok(TODO),
  patch: () => ok(TODO),
  clear: () => ok(TODO),
  create: () => ({ status: 201, body: TODO }),
  session: () => ok({ items: [], namesMissing: false }),
  problem: () => problem(412, { ETag: '"7"' }),
  page: () => ({ status: 403, body: "<html>", headers: { "Content-Type": "text/html" } }),
  unchanged: () => ({ status: 304, headers: { "Content-Length": "1000" } }),
  broken: () => undefined,
  "cut-read": (count) => (count < 2 ? CUT : ok(TODO)),
  "cut-write": () => CUT,
  silent: () => SILENCE,
  interrupted: () => ok(TODO),
  redirect: () => ({ status: 307, headers: { Location: "https://other.example.com:8443/todos" } }),
  "busy-read": busy(TODO),
  "busy-key": busy(ORDER),
  "busy-no-key": busy(ORDER),
  "busy-patch": busy(TODO),
  "busy-now": () => problem(503, { "Retry-After": "0" }),
  "busy-now-read": () => problem(503, { "Retry-After": "0" }),
  "timed-out": () => problem(408),
  away: () => problem(502),
  "too-long": () => problem(503, { "Retry-After": "60" }),
  "far-too-long": () => problem(503, { "Retry-After": "99999999999" }),
  refused: (_count, { headers }) =>
    headers["authorization"] === "Bearer token-1" ? problem(401) : { status: 201, body: TODO },
  "refused-twice": () => problem(401),
  expired: () => ok(TODO),
  deprecated: (_count, { path }) => ({
    ...ok({ ...TODO, note: "" }),
    headers: {
      Deprecation: "@1796083200",
      ...(path.startsWith("/TODOS_V1") && { Sunset: "Wed, 01 Dec 2027 00:00:00 GMT", Link: LINK }),
    },
  }),
  "deprecated-somehow": () => ({ ...ok(TODO), headers: { Deprecation: "true" } }),
};

withJava("the Kotlin client, compiled and run,", () => {
  let server: Server;
  let outcomes: Readonly<Record<string, readonly string[]>>;
  const asked: Record<string, Asked[]> = {};

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const [, name = "", path = ""] = /^\/([^/]+)(\/.*)$/.exec(request.url ?? "") ?? [];
      const each = { method: request.method ?? "", path, body: await text(request) };
      const all = asked[name] ?? [];
      asked[name] = all;
      all.push({ ...each, headers: request.headers as Asked["headers"] });
      const answer = ANSWERS[name]?.(all.length, all.at(-1) as Asked);
      if (!answer) return void response.destroy();
      if (answer === SILENCE) return;
      response.writeHead(answer.status, { "Content-Type": "application/json", ...answer.headers });
      if (answer === CUT) return void response.write("{", () => response.destroy());
      response.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const classPath = await compileKotlin(ROOT);
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const args = ["-XX:TieredStopAtLevel=1", "-cp", classPath, "platform.client.ScenarioKt", url];
    const child = spawn("java", args, { stdio: ["ignore", "pipe", "inherit"] });
    outcomes = JSON.parse(await text(child.stdout));
  }, 600_000);
  afterAll(() => server.close());

  const UNAVAILABLE = "ProblemException: 503 No: It cannot be.";
  test.each<[string, number, readonly string[]]>([
    ["read", 1, ["Buy milk open 2030-01-31T18:00+01:00 [a.jpg]", "FIRST"]],
    ["patch", 1, ["2", "FIRST"]],
    ["clear", 1, ["2", "FIRST"]],
    ["create", 1, [TODO.id, "FIRST"]],
    ["session", 2, ["0", "FIRST"]],
    ["problem", 1, ["ProblemException: 412 No: It cannot be.", "FIRST"]],
    [
      "page",
      1,
      [
        "ProblemException: 403 Forbidden: The answer is no problem details: it is not the service's own.",
        "FIRST",
      ],
    ],
    ["unchanged", 1, ["NotModifiedException: 304 Not Modified: what the client has is still true", "FIRST"]],
    ["broken", 1, [expect.stringMatching(/^ConnectionException: http:.*\/cancellation: /) as never, "FIRST"]],
    ["cut-read", 2, ["Buy milk", "FIRST"]],
    [
      "cut-write",
      1,
      [expect.stringMatching(/^ConnectionException: http:.*\/cancellation: /) as never, "FIRST"],
    ],
    [
      "redirect",
      1,
      [
        "ProblemException: 307 Temporary Redirect: The answer is a redirect to other.example.com:8443, which is not followed: the tokens would go along.",
        "FIRST",
      ],
    ],
    ["busy-read", 3, ["Buy milk", "FIRST"]],
    ["busy-key", 3, ["1", "FIRST"]],
    ["busy-no-key", 1, [UNAVAILABLE, "FIRST"]],
    ["busy-patch", 1, [UNAVAILABLE, "FIRST"]],
    ["busy-now", 1, ["503 [0]", "FIRST"]],
    ["busy-now-read", 4, [UNAVAILABLE, "FIRST"]],
    ["timed-out", 1, ["ProblemException: 408 No: It cannot be.", "FIRST"]],
    ["away", 4, ["ProblemException: 502 No: It cannot be.", "FIRST"]],
    ["too-long", 1, [UNAVAILABLE, "FIRST"]],
    ["far-too-long", 1, [UNAVAILABLE, "FIRST"]],
    ["refused-twice", 2, ["ProblemException: 401 No: It cannot be.", "FIRST", "REFUSED"]],
    ["no-token", 0, ["TokenException: no ID token: sign in again", "FIRST"]],
    ["expired", 3, ["Buy milk", "FIRST", "EXPIRED"]],
  ])("in the case of %s sends %i requests", (name, requests, outcome) => {
    expect({ outcome: outcomes[name], requests: asked[name]?.length ?? 0 }).toEqual({ outcome, requests });
  });

  test("asks for one token when several calls are refused at once", () => {
    expect(outcomes["refused"]).toEqual(["[Buy milk, Buy milk, Buy milk]", "FIRST", "REFUSED"]);
  });

  test("ends with its time as a connection does that gives no answer, and with its thread as the caller has it", () => {
    expect(outcomes["silent"]).toEqual([
      expect.stringMatching(/^ConnectionException: http:.*: timeout$/),
      "FIRST",
    ]);
    expect(outcomes["interrupted"]?.[0]).toBe("java.io.InterruptedIOException: interrupted");
  });

  test("tells of each deprecated API once, and fails no call by being told", () => {
    const v1 =
      "api=TODOS_V1, deprecatedAt=2026-12-01T00:00:00Z, sunsetAt=2027-12-01T00:00:00Z, " +
      "successor=https://abc.example.com/v2, documentation=https://docs.example.com/a,b";
    const v2 =
      "api=TODOS_V2, deprecatedAt=2026-12-01T00:00:00Z, sunsetAt=null, successor=null, documentation=null";
    expect(outcomes["deprecated"]?.[0]?.split("\n")).toEqual([
      ...["Buy milk", "Buy milk", "Buy milk"],
      ...[`Deprecation(${v1})`, `Deprecation(${v2})`],
    ]);
    expect(outcomes["deprecated-somehow"]?.[0]).toBe("2");
  });

  test("sends what is given and nothing else; null is sent where something is to go", () => {
    expect(asked["patch"]?.map(({ method, path, body }) => [method, path, body])).toEqual([
      ["PATCH", `/TODOS_V2/todos/${TODO.id}`, '{"status":"done"}'],
    ]);
    expect(asked["clear"]?.map(({ body }) => body)).toEqual(['{"dueAt":null}']);
    expect(asked["create"]?.map(({ body }) => body)).toEqual([
      '{"title":"Buy milk","dueAt":"2030-01-31T18:00:00+01:00"}',
    ]);
    expect(asked["patch"]?.[0]?.headers).toMatchObject({
      "if-match": '"1"',
      "content-type": expect.stringMatching(/^application\/merge-patch\+json\b/),
      authorization: "Bearer token-1",
    });
  });

  test("sends the session to the storefront alone", () => {
    expect(asked["session"]?.map(({ path, headers }) => [path, headers["x-session-token"]])).toEqual([
      ["/STOREFRONT/v1/orders?limit=10", "session-1"],
      ["/ORDERS/v1/orders?limit=20", undefined],
    ]);
  });

  test("refuses an address of another machine that is http, unless it is allowed", () => {
    expect([outcomes["insecure"], outcomes["insecure-address"], outcomes["insecure-allowed"]]).toEqual([
      [
        'baseUrl: must be https, got "http://shop.example.com": use https, or set allowInsecure where nobody can listen',
      ],
      [
        'addresses.TODOS_V2: must be https, got "http://127.0.0.1.example.com/v2": use https, or set allowInsecure where nobody can listen',
      ],
      ["null"],
    ]);
  });

  test("refuses a base URL that is no origin", () => {
    expect(outcomes["no-origin"]).toEqual([
      'baseUrl must be an origin like https://shop.example.com, got "https://shop.example.com/api"',
    ]);
  });
});

test("the versions that are compiled are those that its build file names", () => {
  const build = readFileSync(join(ROOT, "clients/kotlin/build.gradle.kts"), "utf8");
  const versionOf = (artifact: string) =>
    [...KOTLIN_COMPILER, ...KOTLIN_LIBRARIES, KOTLIN_SERIALIZATION]
      .map(({ coordinates }) => coordinates.split(":"))
      .find(([, name]) => name === artifact)?.[2];
  expect(
    [...build.matchAll(/\("(?:[^"]*:)?([^":]+)(?:"\) version "|:)([\d.]+)"/g)].map(([, ...all]) => all),
  ).toEqual([
    ["jvm", versionOf("kotlin-compiler-embeddable")],
    ["plugin.serialization", versionOf("kotlin-serialization-compiler-plugin-embeddable")],
    ["okhttp", versionOf("okhttp-jvm")],
    ["kotlinx-serialization-json", versionOf("kotlinx-serialization-json-jvm")],
  ]);
});
