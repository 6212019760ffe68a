import { randomBytes } from "node:crypto";
import type { APIGatewayProxyEvent, Context } from "aws-lambda";
import { recordingObservability } from "../internal/recording-observability";
import { todosHandler } from "./handler";
import { MemoryTodoStore } from "./memory-store";

const context = { getRemainingTimeInMillis: () => 10_000 } as Context;

interface Call {
  readonly body?: unknown;
  readonly rawBody?: string;
  readonly headers?: Record<string, string>;
  readonly query?: Record<string, string | string[]>;
  readonly claims?: Record<string, string>;
}

/** A client of a handler with a store in memory and a clock that moves a millisecond at each call. */
function setUp() {
  const store = new MemoryTodoStore();
  const { observability, lines } = recordingObservability();
  let time = 1_700_000_000_000;
  const handler = todosHandler({
    observability,
    reader: store,
    writer: store,
    now: () => (time += 1),
    random: randomBytes,
  });
  const call = async (method: string, path: string, options: Call = {}) => {
    const id = /^\/todos\/(.+)$/.exec(path)?.[1];
    const query = Object.entries(options.query ?? {}).map(([name, value]) => [name, [value].flat()] as const);
    const body = options.rawBody ?? (options.body === undefined ? null : JSON.stringify(options.body));
    const result = await handler(
      {
        httpMethod: method,
        resource: id === undefined ? path : "/todos/{id}",
        pathParameters: id === undefined ? null : { id },
        headers: { ...(body !== null && { "content-type": "application/json" }), ...options.headers },
        queryStringParameters: Object.fromEntries(query.map(([name, values]) => [name, values.at(-1)])),
        multiValueQueryStringParameters: Object.fromEntries(query),
        body,
        isBase64Encoded: false,
        requestContext: {
          requestId: "request-1",
          authorizer: {
            claims: options.claims ?? { sub: "user-1", token_use: "id", email: "ann@example.com" },
          },
        },
      } as unknown as APIGatewayProxyEvent,
      context,
    );
    const headers = result.headers as Record<string, string>;
    return {
      status: result.statusCode,
      headers,
      body: result.body === "" ? undefined : JSON.parse(result.body),
    };
  };
  return { call, store, lines };
}

const userB = { sub: "user-2", token_use: "id" };

describe("create", () => {
  test("adds a to-do with its defaults, and says where it is", async () => {
    const { call } = setUp();
    const { status, headers, body } = await call("POST", "/todos", { body: { title: "Buy milk" } });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{14}7/),
      title: "Buy milk",
      note: "",
      status: "open",
      dueAt: null,
      attachments: [],
      version: 1,
      createdAt: "2023-11-14T22:13:20.001Z",
      updatedAt: "2023-11-14T22:13:20.001Z",
    });
    expect(headers).toMatchObject({ ETag: '"1"', Location: `todos/${body.id}` });
  });

  test("every violated field is named at once", async () => {
    const { call } = setUp();
    const { status, body } = await call("POST", "/todos", {
      body: {
        title: "x".repeat(201),
        note: "x".repeat(4001),
        status: "later",
        dueAt: "tomorrow",
        attachments: [...Array.from({ length: 10 }, (_value, index) => `f${index}`), "../other"],
        colour: "red",
      },
    });
    expect(status).toBe(400);
    expect(body.detail).toBe("The request has 7 errors.");
    expect(body.errors).toEqual([
      { pointer: "#/colour", detail: "is not known" },
      { pointer: "#/title", detail: "must have at most 200 characters" },
      { pointer: "#/note", detail: "must have at most 4000 characters" },
      { pointer: "#/status", detail: "must be one of open, done" },
      { pointer: "#/dueAt", detail: "must be a date-time" },
      { pointer: "#/attachments", detail: "must have at most 10 entries" },
      { pointer: "#/attachments/10", detail: expect.stringMatching(/^must match /) },
    ]);
  });

  test.each<[string, unknown, string, string]>([
    ["no title", {}, "#/title", "is required"],
    ["a title of spaces", { title: "  " }, "#/title", "must match \\S"],
    ["a number for a title", { title: 1 }, "#/title", "must be of type string"],
    ["null for a note", { title: "a", note: null }, "#/note", "must be of type string"],
    ["a list", [], "#", "must be of type object"],
    ["half a surrogate pair", { title: "a\ud800" }, "#/title", "must not hold half of a surrogate pair"],
    [
      "an attachment twice",
      { title: "a", attachments: ["f", "f"] },
      "#/attachments",
      "must not hold an entry twice: 0 and 1 are the same",
    ],
    [
      "a field named as the prototype",
      JSON.parse('{"title":"a","__proto__":1}'),
      "#/__proto__",
      "is not known",
    ],
  ])("refuses %s", async (_case, body, pointer, detail) => {
    const { call } = setUp();
    const answer = await call("POST", "/todos", { body });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toContainEqual({ pointer, detail });
  });

  test.each([
    ["another user's folder", "eu-west-1:11111111-2222-3333-4444-555555555555/f.jpg"],
    ["an absolute key", "/f.jpg"],
    ["a way up", "a/../../f.jpg"],
    ["an empty folder", "a//f.jpg"],
    ["a hidden file", ".ssh"],
  ])("control 17: an attachment cannot name %s", async (_case, attachment) => {
    const { call } = setUp();
    const { status } = await call("POST", "/todos", { body: { title: "a", attachments: [attachment] } });
    expect(status).toBe(400);
  });

  test("a title of 200 characters beyond the BMP is within the limit", async () => {
    const { call } = setUp();
    expect((await call("POST", "/todos", { body: { title: "😀".repeat(200) } })).status).toBe(201);
    expect((await call("POST", "/todos", { body: { title: "😀".repeat(201) } })).status).toBe(400);
  });

  test.each([
    ["another media type", { "content-type": "text/plain" }],
    ["none", { "content-type": "" }],
  ])("415: %s", async (_case, headers) => {
    const { call } = setUp();
    expect((await call("POST", "/todos", { body: { title: "a" }, headers })).status).toBe(415);
  });

  test("a media type with a charset is fine", async () => {
    const { call } = setUp();
    const headers = { "content-type": "Application/JSON; charset=utf-8" };
    expect((await call("POST", "/todos", { body: { title: "a" }, headers })).status).toBe(201);
  });

  test("413: more than 32 KiB", async () => {
    const { call } = setUp();
    const { status, body } = await call("POST", "/todos", {
      rawBody: `{"title":"${"a".repeat(32 * 1024)}"}`,
    });
    expect(status).toBe(413);
    expect(body.detail).toBe("The body must have at most 32768 bytes, got 32780.");
  });

  test.each([
    ["nothing", ""],
    ["broken JSON", '{"title":'],
  ])("400: %s is no JSON", async (_case, rawBody) => {
    const { call } = setUp();
    const { status, body } = await call("POST", "/todos", {
      rawBody,
      headers: { "content-type": "application/json" },
    });
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ pointer: "#", detail: "must be JSON in UTF-8" }]);
  });
});

describe("control 9: a repeated request adds nothing", () => {
  const headers = { "idempotency-key": "8f14e45f" };

  test("and gets the first answer again, whatever became of the to-do since", async () => {
    const { call } = setUp();
    const first = await call("POST", "/todos", { body: { title: "a", note: "" }, headers });
    await call("PUT", `/todos/${first.body.id}`, { body: { title: "b" }, headers: { "if-match": "*" } });
    const second = await call("POST", "/todos", { body: { note: "", title: "a" }, headers });
    expect(second).toEqual(first);
    expect((await call("GET", "/todos")).body.items).toHaveLength(1);
  });

  test("another body under the same key is refused", async () => {
    const { call } = setUp();
    await call("POST", "/todos", { body: { title: "a" }, headers });
    const { status, body } = await call("POST", "/todos", { body: { title: "b" }, headers });
    expect(status).toBe(422);
    expect(body.detail).toBe("The Idempotency-Key was used with another body.");
  });

  test("a key is its user's alone", async () => {
    const { call } = setUp();
    const first = await call("POST", "/todos", { body: { title: "a" }, headers });
    const other = await call("POST", "/todos", { body: { title: "a" }, headers, claims: userB });
    expect(other.status).toBe(201);
    expect(other.body.id).not.toBe(first.body.id);
  });

  test.each([
    ["empty", "", "must have at least 1 character"],
    ["too long", "k".repeat(256), "must have at most 255 characters"],
    ["with a space", "a b", "must match ^[!-~]+$"],
  ])("a key that is %s is refused", async (_case, key, detail) => {
    const { call } = setUp();
    const { status, body } = await call("POST", "/todos", {
      body: { title: "a" },
      headers: { "idempotency-key": key },
    });
    expect(status).toBe(400);
    expect(body.errors).toContainEqual({ parameter: "Idempotency-Key", detail });
  });
});

describe("list", () => {
  async function withTodos(count: number) {
    const api = setUp();
    for (let index = 0; index < count; index++) {
      await api.call("POST", "/todos", { body: { title: `t${index}`, status: index % 2 ? "done" : "open" } });
    }
    return api;
  }

  test("is newest first, 25 unless said otherwise", async () => {
    const { call } = await withTodos(30);
    const { body } = await call("GET", "/todos");
    expect(body.items).toHaveLength(25);
    expect(body.items[0].title).toBe("t29");
    expect(body.items[24].title).toBe("t5");
  });

  test("pages hold every to-do once, though others are added between them", async () => {
    const { call } = await withTodos(23);
    const titles: string[] = [];
    let query: Record<string, string> = { limit: "5" };
    for (;;) {
      const { body } = await call("GET", "/todos", { query });
      titles.push(...body.items.map(({ title }: { title: string }) => title));
      if (body.nextToken === undefined) break;
      await call("POST", "/todos", { body: { title: "new" } });
      query = { limit: "5", nextToken: body.nextToken };
    }
    expect(titles).toEqual(Array.from({ length: 23 }, (_value, index) => `t${22 - index}`));
  });

  test("a page that ends with the last to-do has no token", async () => {
    const { call } = await withTodos(5);
    expect((await call("GET", "/todos", { query: { limit: "5" } })).body).not.toHaveProperty("nextToken");
  });

  test("holds those of a status", async () => {
    const { call } = await withTodos(5);
    const { body } = await call("GET", "/todos", { query: { status: "done" } });
    expect(body.items.map(({ title }: { title: string }) => title)).toEqual(["t3", "t1"]);
  });

  test("control 17: a token of another user, of another status or made up is refused", async () => {
    const { call } = await withTodos(5);
    const { nextToken } = (await call("GET", "/todos", { query: { limit: "2" } })).body;
    const answers = [
      await call("GET", "/todos", { query: { nextToken }, claims: userB }),
      await call("GET", "/todos", { query: { nextToken, status: "open" } }),
      await call("GET", "/todos", { query: { nextToken: "abc" } }),
    ];
    for (const { status, body } of answers) {
      expect(status).toBe(400);
      expect(body.errors).toEqual([
        {
          parameter: "nextToken",
          detail: "must be the nextToken of the page before, for the same user and status",
        },
      ]);
    }
  });

  test.each<[string, Record<string, string | string[]>, string, string]>([
    ["a limit of 0", { limit: "0" }, "limit", "must be at least 1"],
    ["a limit of 101", { limit: "101" }, "limit", "must be at most 100"],
    ["a limit that is no number", { limit: "ten" }, "limit", "must be of type integer"],
    ["half a to-do", { limit: "1.5" }, "limit", "must be of type integer"],
    ["an empty limit", { limit: "" }, "limit", "must be of type integer"],
    ["an unknown status", { status: "later" }, "status", "must be one of open, done"],
    ["an empty token", { nextToken: "" }, "nextToken", "must have at least 1 character"],
    ["a status twice", { status: ["open", "done"] }, "status", "must be given once"],
  ])("refuses %s", async (_case, query, parameter, detail) => {
    const { call } = setUp();
    const { status, body } = await call("GET", "/todos", { query });
    expect(status).toBe(400);
    expect(body.errors).toContainEqual({ parameter, detail });
  });

  test("is 304 while nothing has changed", async () => {
    const { call } = await withTodos(2);
    const { ETag } = (await call("GET", "/todos")).headers;
    const same = await call("GET", "/todos", { headers: { "if-none-match": ETag as string } });
    expect(same).toMatchObject({ status: 304, body: undefined, headers: { ETag } });
    await call("POST", "/todos", { body: { title: "new" } });
    expect((await call("GET", "/todos", { headers: { "if-none-match": ETag as string } })).status).toBe(200);
  });
});

describe("one to-do", () => {
  async function withTodo() {
    const api = setUp();
    const { body } = await api.call("POST", "/todos", {
      body: { title: "a", dueAt: "2030-01-31T18:00:00Z" },
    });
    return { ...api, path: `/todos/${body.id}`, todo: body };
  }

  test("is read with its ETag, and is 304 while that is true", async () => {
    const { call, path, todo } = await withTodo();
    expect(await call("GET", path)).toMatchObject({ status: 200, body: todo, headers: { ETag: '"1"' } });
    expect(await call("GET", path, { headers: { "if-none-match": 'W/"1"' } })).toMatchObject({ status: 304 });
    expect(await call("GET", path, { headers: { "if-none-match": '"2"' } })).toMatchObject({ status: 200 });
  });

  test.each([
    ["the version there is or an older one", '"1"', [false]],
    ["a newer one, as a cache has not seen it yet", '"2"', [false, true]],
  ])("a client that has %s", async (_case, tag, reads) => {
    const { call, path, store } = await withTodo();
    await call("GET", path, { headers: { "if-none-match": tag } });
    expect(store.reads).toEqual(reads);
  });

  test("is found by its id in capitals", async () => {
    const { call, todo } = await withTodo();
    expect((await call("GET", `/todos/${todo.id.toUpperCase()}`)).body).toEqual(todo);
  });

  test("is replaced whole: what is left out takes its default", async () => {
    const { call, path, todo } = await withTodo();
    const { status, headers, body } = await call("PUT", path, {
      body: { title: "b" },
      headers: { "if-match": '"1"' },
    });
    expect(status).toBe(200);
    expect(headers["ETag"]).toBe('"2"');
    expect(body).toEqual({ ...todo, title: "b", dueAt: null, version: 2, updatedAt: expect.any(String) });
    expect(body.updatedAt > todo.updatedAt).toBe(true);
    expect((await call("GET", path)).body).toEqual(body);
  });

  test("control 10: of two changes to one version, the second is refused with the current ETag", async () => {
    const { call, path } = await withTodo();
    const change = (title: string) => call("PUT", path, { body: { title }, headers: { "if-match": '"1"' } });
    expect((await change("first")).status).toBe(200);
    const second = await change("second");
    expect(second).toMatchObject({ status: 412, headers: { ETag: '"2"' } });
    expect((await call("GET", path)).body.title).toBe("first");
  });

  test("a change without If-Match is refused: 428", async () => {
    const { call, path } = await withTodo();
    const { status, body } = await call("PUT", path, { body: { title: "b" } });
    expect(status).toBe(428);
    expect(body.detail).toBe("PUT needs If-Match with the ETag that was read, or *.");
  });

  test("a weak ETag matches no change", async () => {
    const { call, path } = await withTodo();
    const headers = { "if-match": 'W/"1"' };
    expect((await call("PUT", path, { body: { title: "b" }, headers })).status).toBe(412);
  });

  test("is deleted, with the right ETag or none", async () => {
    const { call, path } = await withTodo();
    expect((await call("DELETE", path, { headers: { "if-match": '"9"' } })).status).toBe(412);
    expect(await call("DELETE", path, { headers: { "if-match": '"1"' } })).toMatchObject({
      status: 204,
      body: undefined,
    });
    expect((await call("DELETE", path)).status).toBe(404);
  });

  test.each([
    ["GET", {}],
    ["PUT", { body: { title: "b" }, headers: { "if-match": "*" } }],
    ["DELETE", {}],
  ])("control 17: %s of another user's answers as for none: 404", async (method, options) => {
    const { call, path, todo } = await withTodo();
    const foreign = await call(method, path, { ...options, claims: userB });
    const none = await call(method, "/todos/01890a5d-ac96-774b-bcce-b302099a8057", {
      ...options,
      claims: userB,
    });
    expect(foreign.status).toBe(404);
    expect(foreign).toEqual(none);
    expect((await call("GET", path)).body).toEqual(todo);
  });

  test("what is no id is not found", async () => {
    const { call } = setUp();
    expect((await call("GET", "/todos/1")).status).toBe(404);
  });
});

describe("control 16: only an ID token will do", () => {
  test.each([
    ["an access token", { sub: "user-1", token_use: "access" }],
    ["a token without a subject", { token_use: "id" }],
    ["no claims", {}],
  ])("%s is refused on every route", async (_case, claims) => {
    const { call } = setUp();
    const id = "01890a5d-ac96-774b-bcce-b302099a8057";
    const answers = [
      await call("GET", "/todos", { claims }),
      await call("POST", "/todos", { claims, body: { title: "a" } }),
      await call("GET", `/todos/${id}`, { claims }),
      await call("PUT", `/todos/${id}`, { claims, body: { title: "a" }, headers: { "if-match": "*" } }),
      await call("DELETE", `/todos/${id}`, { claims }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
    expect(answers[0]?.headers["WWW-Authenticate"]).toBe("Bearer");
  });
});

test.each([
  ["no header", undefined, false],
  ["max-age=0", "max-age=0", true],
  ["no-cache", "no-cache", true],
  ["one of several", "no-transform, Max-Age=0", true],
  ["another age", "max-age=05", false],
  ["no-store", "no-store", false],
])("Cache-Control: %s reads past the caches or not", async (_case, value, consistent) => {
  const { call, store } = setUp();
  const headers = value === undefined ? {} : { "cache-control": value };
  await call("GET", "/todos", { headers });
  await call("GET", "/todos/01890a5d-ac96-774b-bcce-b302099a8057", { headers });
  expect(store.reads).toEqual([consistent, consistent]);
});

test("an unknown route is 404", async () => {
  const { call } = setUp();
  expect(await call("PATCH", "/todos")).toMatchObject({ status: 404, body: { detail: "No such route." } });
});

test("control 28: no log line holds a title, a note, an address or an id of the user", async () => {
  const { call, lines } = setUp();
  await call("POST", "/todos", { body: { title: "secret title", note: "secret note" } });
  await call("POST", "/todos", { body: { title: 1, secret: true } });
  await call("GET", "/todos");
  expect(lines).toHaveLength(3);
  expect(JSON.stringify(lines)).not.toMatch(/secret|ann@example\.com|user-1/);
});
