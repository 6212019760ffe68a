import { type Todo, type TodoApi, todoApi } from "./internal/api";
import { expectProblem } from "./internal/http";
import { newUser } from "./internal/users";

let mine: TodoApi;
let theirs: TodoApi;

beforeAll(async () => {
  const [me, other] = await Promise.all([newUser(), newUser()]);
  mine = todoApi(me.idToken);
  theirs = todoApi(other.idToken);
});

/** An id that no to-do has. */
const NO_ID = "01890a5d-ac96-774b-bcce-b302099a8057";
const FULL = {
  title: "Buy milk 🥛",
  note: "Two litres,\nthe fresh kind.",
  status: "done",
  dueAt: "2030-01-31T18:00:00+01:00",
  attachments: ["photos/milk.jpg", "list (1).txt"],
} as const;

async function createdBy(api: TodoApi, title = "Buy milk"): Promise<Todo> {
  const { status, body } = await api.create({ title });
  expect(status).toBe(201);
  return body;
}

test("a to-do is added, read, replaced and deleted", async () => {
  const created = await mine.create({ ...FULL, attachments: [...FULL.attachments] });
  expect(created.status).toBe(201);
  expect(created.body).toEqual({
    ...FULL,
    id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
    version: 1,
    createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    updatedAt: created.body.createdAt,
  });
  const { id, createdAt } = created.body;
  expect(created.headers.get("location")).toBe(`todos/${id}`);

  const read = await mine.read(id);
  expect(read.status).toBe(200);
  expect(read.body).toEqual(created.body);
  expect(read.headers.get("etag")).toBe(created.headers.get("etag"));

  const replaced = await mine.replace(id, { title: "Buy bread" }, { "If-Match": '"1"' });
  expect(replaced.status).toBe(200);
  expect(replaced.headers.get("etag")).toBe('"2"');
  expect(replaced.body).toEqual({
    id,
    title: "Buy bread",
    note: "",
    status: "open",
    dueAt: null,
    attachments: [],
    version: 2,
    createdAt,
    updatedAt: expect.any(String),
  });
  expect((await mine.read(id)).body).toEqual(replaced.body);

  const removed = await mine.remove(id);
  expect(removed.status).toBe(204);
  expect(removed.text).toBe("");
  expectProblem(await mine.read(id), 404);
  expectProblem(await mine.remove(id), 404);
  expectProblem(await mine.replace(id, { title: "Again" }, { "If-Match": "*" }), 404);
});

test("what was just written is read at once with Cache-Control: max-age=0", async () => {
  for (let round = 0; round < 10; round++) {
    const { id } = await createdBy(mine, `round ${round}`);
    const fresh = { "Cache-Control": "max-age=0" };
    expect((await mine.read(id, fresh)).body.title).toBe(`round ${round}`);
    await mine.replace(id, { title: `round ${round}, changed` }, { "If-Match": '"1"' });
    expect((await mine.read(id, fresh)).body).toMatchObject({ title: `round ${round}, changed`, version: 2 });
    expect((await mine.list({ limit: 1 }, fresh)).body.items[0]).toMatchObject({ id, version: 2 });
    await mine.remove(id);
    expect((await mine.read(id, fresh)).status).toBe(404);
  }
});

describe("control 17: another user's to-do", () => {
  test.each([
    ["GET", undefined, {}],
    ["PUT", { title: "Mine now" }, { "If-Match": "*" }],
    ["PUT", { title: "Mine now" }, { "If-Match": '"1"' }],
    ["DELETE", undefined, {}],
    ["DELETE", undefined, { "If-Match": '"1"' }],
  ])("%s answers 404 as if there were none, and changes nothing (%j %j)", async (method, body, headers) => {
    const { id } = await createdBy(mine);
    const answer = await theirs.request(method, `/todos/${id}`, { headers, ...(body && { body }) });
    const { requestId: _, ...problem } = expectProblem(answer, 404);
    const nothing = await theirs.request(method, `/todos/${NO_ID}`, { headers, ...(body && { body }) });
    const { requestId: __, ...same } = expectProblem(nothing, 404);
    expect(problem).toEqual(same);
    expect((await mine.read(id)).body).toMatchObject({ title: "Buy milk", version: 1 });
  });

  test("is in no list, with no filter", async () => {
    await createdBy(mine);
    for (const query of [{}, { status: "open" }, { status: "done" }, { limit: 100 }]) {
      expect((await theirs.list(query)).body).toEqual({ items: [] });
    }
  });

  test("an Idempotency-Key is its user's alone", async () => {
    const key = { "Idempotency-Key": "the-same-for-both" };
    const [first, second] = [
      await mine.create({ title: "a" }, key),
      await theirs.create({ title: "b" }, key),
    ];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(first.body.id).not.toBe(second.body.id);
    await theirs.remove(second.body.id);
  });
});

describe("control 18: a wrong request", () => {
  test("is told every violated field at once", async () => {
    const answer = await mine.request("POST", "/todos", {
      body: {
        title: "x".repeat(201),
        note: "x".repeat(4001),
        status: "later",
        dueAt: "tomorrow",
        attachments: [...Array.from({ length: 11 }, (_, index) => `file${index}`)],
        owner: "somebody else",
      },
    });
    const problem = expectProblem(answer, 400);
    expect(problem.detail).toBe("The request has 6 errors.");
    expect(problem.errors).toEqual([
      { pointer: "#/owner", detail: "is not known" },
      { pointer: "#/title", detail: "must have at most 200 characters" },
      { pointer: "#/note", detail: "must have at most 4000 characters" },
      { pointer: "#/status", detail: "must be one of open, done" },
      { pointer: "#/dueAt", detail: "must be a date-time" },
      { pointer: "#/attachments", detail: "must have at most 10 entries" },
    ]);
  });

  test.each([
    ["no title", "{}", "#/title", "is required"],
    ["a title of spaces", '{"title":"  "}', "#/title", "must match \\S"],
    ["half a surrogate pair", '{"title":"a\\ud800"}', "#/title", "must not hold half of a surrogate pair"],
    ["a way out of the folder", '{"title":"a","attachments":["../b"]}', "#/attachments/0", undefined],
  ])("with %s names the field", async (_case, body, pointer, detail) => {
    const { errors } = expectProblem(await mine.request("POST", "/todos", { body }), 400);
    expect(errors).toEqual([{ pointer, detail: detail ?? expect.stringMatching(/^must match /) }]);
  });

  test.each([
    ["malformed JSON", '{"title":'],
    ["a list", "[]"],
    ["a number for a title", '{"title":1}'],
    ["null for a note", '{"title":"a","note":null}'],
    ["an object for attachments", '{"title":"a","attachments":{}}'],
  ])("with %s is refused by the gateway before the function", async (_case, body) => {
    const problem = expectProblem(await mine.request("POST", "/todos", { body }), 400);
    expect(problem.detail).toBe(
      "The body is not JSON, or a field is of another type than the contract says.",
    );
  });

  test.each([
    ["limit=0", "limit", "must be at least 1"],
    ["limit=101", "limit", "must be at most 100"],
    ["limit=ten", "limit", "must be of type integer"],
    ["limit=1.5", "limit", "must be of type integer"],
    ["limit=5&limit=6", "limit", "must be given once"],
    ["status=later", "status", "must be one of open, done"],
  ])("with ?%s names the parameter", async (query, parameter, detail) => {
    const { errors } = expectProblem(await mine.request("GET", `/todos?${query}`), 400);
    expect(errors).toEqual([{ parameter, detail }]);
  });

  test("whose body is larger than 64 KiB is refused", async () => {
    const body = { title: "a", note: "x".repeat(64 * 1024) };
    const problem = expectProblem(await mine.request("POST", "/todos", { body }), 413);
    expect(problem.title).toBe("Content Too Large");
  });

  test("whose body is no JSON by its type is refused", async () => {
    const answer = await mine.request("POST", "/todos", {
      body: '{"title":"a"}',
      headers: { "Content-Type": "text/plain" },
    });
    expectProblem(answer, 415);
  });

  test.each(["not-an-id", NO_ID.slice(1), `${NO_ID}0`, "..%2f..%2fetc", "%00"])(
    "for the id %s is told that there is none",
    async (id) => {
      expectProblem(await mine.request("GET", `/todos/${id}`), 404);
    },
  );

  test.each([
    ["GET", "/nothing"],
    ["GET", "/todos/a/b"],
    ["PATCH", "/todos"],
    ["DELETE", "/todos"],
    ["POST", `/todos/${NO_ID}`],
  ])("for a route that is not there is told so: %s %s", async (method, path) => {
    expect(expectProblem(await mine.request(method, path), 404).detail).toBe("No such route.");
  });
});

describe("headers", () => {
  const security = {
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "x-content-type-options": "nosniff",
  };

  test.each([
    ["an answer", () => mine.list(), { "cache-control": "private, no-cache" }],
    ["the function's problem", () => mine.read(NO_ID), { "cache-control": "no-store" }],
    ["the gateway's problem", () => mine.request("GET", "/nothing"), { "cache-control": "no-store" }],
    ["the authorizer's refusal", () => todoApi().list(), { "cache-control": "no-store" }],
  ])("control 38: %s is for TLS alone and its type is not guessed", async (_case, ask, caching) => {
    const { headers } = await ask();
    expect(Object.fromEntries(headers)).toMatchObject({ ...security, ...caching });
  });

  test.each([
    ["an answer", () => mine.list()],
    ["the function's problem", () => mine.read(NO_ID)],
    ["the gateway's problem", () => mine.request("GET", "/nothing")],
    ["the authorizer's refusal", () => todoApi().list()],
  ])("%s may be read by the app's pages, and by those of no other origin", async (_case, ask) => {
    const { headers } = await ask();
    expect(headers.get("access-control-allow-origin")).toBe("http://localhost:3000");
    expect(headers.get("vary")).toBe("Origin");
  });

  test.each([
    ["/todos", "GET,POST", ["idempotency-key", "if-none-match"]],
    [`/todos/${NO_ID}`, "DELETE,GET,PUT", ["if-match", "if-none-match"]],
  ])(
    "the preflight of %s needs no token and allows its methods and headers",
    async (path, methods, names) => {
      const answer = await todoApi().request("OPTIONS", path, {
        headers: {
          Origin: "http://localhost:3000",
          "Access-Control-Request-Method": "GET",
          "Access-Control-Request-Headers": "authorization,if-match",
        },
      });
      expect(answer.status).toBe(204);
      const list = (name: string) => (answer.headers.get(name) ?? "").split(/, */).sort();
      expect(answer.headers.get("access-control-allow-origin")).toBe("http://localhost:3000");
      expect(
        list("access-control-allow-methods")
          .filter((method) => method !== "OPTIONS")
          .join(),
      ).toBe(methods);
      expect(list("access-control-allow-headers").map((name) => name.toLowerCase())).toEqual(
        expect.arrayContaining(["authorization", "cache-control", "content-type", ...names]),
      );
    },
  );
});
