import { todosClient, userB } from "./todos-client";

describe("list", () => {
  async function withTodos(count: number) {
    const api = todosClient();
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
    ["a limit in hexadecimal", { limit: "0x10" }, "limit", "must be of type integer"],
    ["a limit with an exponent", { limit: " 1e1 " }, "limit", "must be of type integer"],
    ["a negative limit", { limit: "-5" }, "limit", "must be at least 1"],
    ["a limit of many digits", { limit: "9".repeat(400) }, "limit", "must be of type integer"],
    ["an empty limit", { limit: "" }, "limit", "must be of type integer"],
    ["an unknown status", { status: "later" }, "status", "must be one of open, done"],
    ["an empty token", { nextToken: "" }, "nextToken", "must have at least 1 character"],
    ["a status twice", { status: ["open", "done"] }, "status", "must be given once"],
  ])("refuses %s", async (_case, query, parameter, detail) => {
    const { call } = todosClient();
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
