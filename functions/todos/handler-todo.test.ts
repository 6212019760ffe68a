import { todosClient, userB } from "./todos-client";

describe("one to-do", () => {
  async function withTodo() {
    const api = todosClient();
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

  test("a change may name its ETags in several lines", async () => {
    const { call, path } = await withTodo();
    const headers = { "if-match": ['"1"', '"7"'] };
    expect((await call("PUT", path, { body: { title: "b" }, headers })).status).toBe(200);
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
    const { call } = todosClient();
    expect((await call("GET", "/todos/1")).status).toBe(404);
  });
});
