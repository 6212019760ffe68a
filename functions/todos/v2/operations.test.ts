import { MemoryTodoStore } from "../memory-store";
import { todosClient, userB } from "../todos-client";

const VERSION = "v2";
const api = () => todosClient({ version: VERSION });

async function withTodo(body: object = { title: "a", note: "b", dueAt: "2030-01-31T18:00:00Z" }) {
  const client = api();
  const { body: todo } = await client.call("POST", "/todos", { body });
  return { ...client, path: `/todos/${todo.id}`, todo };
}

const first = { headers: { "if-match": '"1"' } };

describe("a new to-do", () => {
  test("has its defaults, and is without what it was not given", async () => {
    const { status, headers, body } = await api().call("POST", "/todos", { body: { title: "Buy milk" } });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{14}7/),
      title: "Buy milk",
      status: "open",
      priority: "normal",
      attachments: [],
      version: 1,
      createdAt: "2023-11-14T22:13:20.001Z",
      updatedAt: "2023-11-14T22:13:20.001Z",
    });
    expect(headers).toMatchObject({ ETag: '"1"', Location: `todos/${body.id}` });
  });

  test.each<[string, object, string, string]>([
    ["an empty note", { title: "a", note: "" }, "#/note", "must have at least 1 character"],
    ["null for a due date", { title: "a", dueAt: null }, "#/dueAt", "must be of type string"],
    [
      "an unknown priority",
      { title: "a", priority: "top" },
      "#/priority",
      "must be one of low, normal, high",
    ],
    ["no title", {}, "#/title", "is required"],
    ["half a surrogate pair", { title: "a\ud800" }, "#/title", "must not hold half of a surrogate pair"],
  ])("with %s is refused", async (_case, body, pointer, detail) => {
    const answer = await api().call("POST", "/todos", { body });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer, detail }] } });
  });

  test("control 9: is added once under a key, whatever the priority; another priority is another request", async () => {
    const { call } = api();
    const add = (priority: string) =>
      call("POST", "/todos", { body: { title: "a", priority }, headers: { "idempotency-key": "k" } });
    const added = await add("high");
    expect((await add("high")).body).toEqual(added.body);
    expect((await add("low")).status).toBe(422);
    expect((await call("GET", "/todos")).body.items).toEqual([added.body]);
  });
});

describe("a merge patch", () => {
  test.each<[string, object, object]>([
    ["one field, and leaves the others", { status: "done" }, { status: "done" }],
    ["the priority", { priority: "high" }, { priority: "high" }],
    ["the due date", { dueAt: "2031-01-01T00:00:00Z" }, { dueAt: "2031-01-01T00:00:00Z" }],
    ["all attachments at once", { attachments: ["c.jpg"] }, { attachments: ["c.jpg"] }],
    ["nothing but the version", {}, {}],
  ])("changes %s", async (_case, body, expected) => {
    const { call, path, todo } = await withTodo();
    const answer = await call("PATCH", path, { ...first, body });
    expect(answer).toMatchObject({ status: 200, headers: { ETag: '"2"' } });
    expect(answer.body).toEqual({ ...todo, ...expected, version: 2, updatedAt: expect.any(String) });
    expect((await call("GET", path)).body).toEqual(answer.body);
  });

  test("removes by null what a to-do may be without", async () => {
    const { call, path, todo } = await withTodo();
    const { body } = await call("PATCH", path, { ...first, body: { note: null, dueAt: null } });
    const { note: _note, dueAt: _dueAt, ...rest } = todo;
    expect(body).toEqual({ ...rest, version: 2, updatedAt: expect.any(String) });
  });

  test.each<[string, object, string, string]>([
    ["null for a title", { title: null }, "#/title", "must be of type string"],
    ["an empty note", { note: "" }, "#/note", "must have at least 1 character"],
    ["a field that is not known", { colour: "red" }, "#/colour", "is not known"],
    ["half a surrogate pair", { note: "\udc00" }, "#/note", "must not hold half of a surrogate pair"],
  ])("with %s is refused", async (_case, body, pointer, detail) => {
    const { call, path } = await withTodo();
    const answer = await call("PATCH", path, { ...first, body });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer, detail }] } });
  });

  test("of another type is refused with the type that is meant: 415", async () => {
    const { call, path } = await withTodo();
    const headers = { "if-match": "*", "content-type": "application/json" };
    expect(await call("PATCH", path, { body: { title: "b" }, headers })).toMatchObject({
      status: 415,
      headers: { "Accept-Patch": "application/merge-patch+json" },
      body: { detail: "The body must be application/merge-patch+json." },
    });
  });

  test("without If-Match is refused: 428", async () => {
    const { call, path } = await withTodo();
    expect(await call("PATCH", path, { body: { title: "b" } })).toMatchObject({
      status: 428,
      body: { detail: "PATCH needs If-Match with the ETag that was read, or *." },
    });
  });

  test("control 10: of two to one version, the second is refused with the current ETag", async () => {
    const { call, path } = await withTodo();
    expect((await call("PATCH", path, { ...first, body: { title: "first" } })).status).toBe(200);
    const second = await call("PATCH", path, { ...first, body: { title: "second" } });
    expect(second).toMatchObject({ status: 412, headers: { ETag: '"2"' } });
    expect((await call("GET", path)).body.title).toBe("first");
  });
});

describe("a list", () => {
  async function withTodos(count: number) {
    const client = api();
    for (let index = 0; index < count; index++) {
      const status = index % 2 ? "done" : "open";
      await client.call("POST", "/todos", { body: { title: `t${index}`, status } });
    }
    return client;
  }

  test.each<[string, Record<string, string>, string[]]>([
    ["all", {}, ["t4", "t3", "t2", "t1", "t0"]],
    ["those of a status", { status: "open" }, ["t4", "t2", "t0"]],
  ])("of %s goes on by its token alone, which holds the filter", async (_case, query, expected) => {
    const { call } = await withTodos(5);
    const titles: string[] = [];
    let next: Record<string, string> = { ...query, limit: "1" };
    for (;;) {
      const { body } = await call("GET", "/todos", { query: next });
      titles.push(...body.items.map(({ title }: { title: string }) => title));
      if (body.nextPageToken === undefined) break;
      next = { limit: "1", pageToken: body.nextPageToken };
    }
    expect(titles).toEqual(expected);
  });

  test("goes on with its status given again", async () => {
    const { call } = await withTodos(5);
    const { body } = await call("GET", "/todos", { query: { status: "open", limit: "2" } });
    const query = { status: "open", limit: "2", pageToken: body.nextPageToken };
    expect((await call("GET", "/todos", { query })).body.items).toMatchObject([{ title: "t0" }]);
  });

  test("control 17: a token of another user, of another status or made up is refused", async () => {
    const { call } = await withTodos(5);
    const { body: page } = await call("GET", "/todos", { query: { status: "open", limit: "2" } });
    const pageToken = page.nextPageToken;
    const answers = [
      await call("GET", "/todos", { query: { pageToken }, claims: userB }),
      await call("GET", "/todos", { query: { pageToken, status: "done" } }),
      await call("GET", "/todos", { query: { pageToken: "abc" } }),
    ];
    for (const { status, body } of answers) {
      expect(status).toBe(400);
      expect(body.errors).toEqual([
        {
          parameter: "pageToken",
          detail:
            "must be the nextPageToken of the page before, for the same user, and for the status when one is given",
        },
      ]);
    }
  });

  test("is 304 while nothing has changed", async () => {
    const { call } = await withTodos(2);
    const { ETag = "" } = (await call("GET", "/todos")).headers;
    const same = await call("GET", "/todos", { headers: { "if-none-match": ETag } });
    expect(same).toMatchObject({ status: 304, body: undefined, headers: { ETag } });
  });
});

test("control 16: only an ID token will do", async () => {
  const { call, path } = await withTodo();
  const claims = { sub: "user-1", token_use: "access" };
  const answers = [
    await call("GET", "/todos", { claims }),
    await call("POST", "/todos", { claims, body: { title: "a" } }),
    await call("GET", path, { claims }),
    await call("PATCH", path, { ...first, claims, body: { title: "a" } }),
    await call("DELETE", path, { claims }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
});

test.each([
  ["GET", {}],
  ["PATCH", { body: { title: "b" }, headers: { "if-match": "*" } }],
  ["DELETE", {}],
])("control 17: %s of another user's answers as for none: 404", async (method, options) => {
  const { call, path } = await withTodo();
  const none = "/todos/01890a5d-ac96-774b-bcce-b302099a8057";
  const foreign = await call(method, path, { ...options, claims: userB });
  expect(foreign.status).toBe(404);
  expect(foreign).toEqual(await call(method, none, { ...options, claims: userB }));
});

test("is deleted, with the right ETag or none; it has no PUT", async () => {
  const { call, path } = await withTodo();
  expect((await call("PUT", path, { ...first, body: { title: "b" } })).status).toBe(404);
  expect((await call("DELETE", path, { headers: { "if-match": '"9"' } })).status).toBe(412);
  expect(await call("DELETE", path)).toMatchObject({ status: 204, body: undefined });
  expect((await call("GET", path)).status).toBe(404);
});

describe("side by side with version 1, on the same to-dos", () => {
  function both() {
    const store = new MemoryTodoStore();
    const now = () => 1_700_000_000_000;
    return {
      old: todosClient({ version: "v1", now }, store),
      young: todosClient({ version: VERSION, now }, store),
    };
  }

  test("each shows them in its own way", async () => {
    const { old, young } = both();
    const { body: todo } = await young.call("POST", "/todos", { body: { title: "a", priority: "high" } });
    const { priority: _younger, ...known } = todo;
    const { body } = await old.call("GET", `/todos/${todo.id}`);
    expect(body).toEqual({ ...known, note: "", dueAt: null });
    expect((await old.call("GET", "/todos")).body.items).toEqual([body]);
  });

  test("a client of version 1 that replaces a to-do leaves alone what it does not know", async () => {
    const { old, young } = both();
    const { body: todo } = await young.call("POST", "/todos", {
      body: { title: "a", note: "b", priority: "high" },
    });
    const path = `/todos/${todo.id}`;
    expect((await old.call("PUT", path, { ...first, body: { title: "c" } })).status).toBe(200);
    const { note: _note, ...rest } = todo;
    expect((await young.call("GET", path)).body).toEqual({ ...rest, title: "c", version: 2 });
  });

  test("control 9: a request under a key that is repeated by the other version adds nothing", async () => {
    const { old, young } = both();
    const request = { body: { title: "a" }, headers: { "idempotency-key": "k" } };
    const added = await old.call("POST", "/todos", request);
    expect((await young.call("POST", "/todos", request)).body.id).toBe(added.body.id);
    expect((await young.call("GET", "/todos")).body.items).toHaveLength(1);
  });
});
