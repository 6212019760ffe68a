import { todosClient, userB } from "./todos-client";

describe("create", () => {
  test("adds a to-do with its defaults, and says where it is", async () => {
    const { call } = todosClient();
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

  test.each(["/v1/todos", "/v1/todos/", "/restapis/a/v1/_user_request_/todos"])(
    "its Location leads from %s to the to-do",
    async (path) => {
      const { call } = todosClient();
      const asked = path.replace(/^.*(?=\/todos)/, "");
      const { headers, body } = await call("POST", asked, { body: { title: "a" } });
      const url = new URL(headers["Location"] ?? "", `https://api.example.com${path}`);
      expect(url.pathname).toBe(`${path.replace(/\/$/, "")}/${body.id}`);
    },
  );

  test("every violated field is named at once", async () => {
    const { call } = todosClient();
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
      "an attachment named as the prototype twice",
      { title: "a", attachments: ["f", "__proto__", "g", "__proto__"] },
      "#/attachments",
      "must not hold an entry twice: 1 and 3 are the same",
    ],
    [
      "a field named as the prototype",
      JSON.parse('{"title":"a","__proto__":1}'),
      "#/__proto__",
      "is not known",
    ],
    ["a field named with half a surrogate pair", { title: "a", "\ud800": 1 }, "#/%EF%BF%BD", "is not known"],
    ["a field named as a fragment", { title: "a", "a#b/c?é": 1 }, "#/a%23b~1c%3F%C3%A9", "is not known"],
  ])("refuses %s", async (_case, body, pointer, detail) => {
    const { call } = todosClient();
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
    const { call } = todosClient();
    const { status } = await call("POST", "/todos", { body: { title: "a", attachments: [attachment] } });
    expect(status).toBe(400);
  });

  test("a title of 200 characters beyond the BMP is within the limit", async () => {
    const { call } = todosClient();
    expect((await call("POST", "/todos", { body: { title: "😀".repeat(200) } })).status).toBe(201);
    expect((await call("POST", "/todos", { body: { title: "😀".repeat(201) } })).status).toBe(400);
  });

  test.each([
    ["another media type", { "content-type": "text/plain" }],
    ["none", { "content-type": "" }],
  ])("415: %s", async (_case, headers) => {
    const { call } = todosClient();
    expect((await call("POST", "/todos", { body: { title: "a" }, headers })).status).toBe(415);
  });

  test("a media type with a charset is fine", async () => {
    const { call } = todosClient();
    const headers = { "content-type": "Application/JSON; charset=utf-8" };
    expect((await call("POST", "/todos", { body: { title: "a" }, headers })).status).toBe(201);
  });

  test("413: more than 64 KiB", async () => {
    const { call } = todosClient();
    const { status, body } = await call("POST", "/todos", {
      rawBody: `{"title":"${"a".repeat(64 * 1024)}"}`,
    });
    expect(status).toBe(413);
    expect(body.detail).toBe("The body must have at most 65536 bytes, got 65548.");
  });

  test("the longest to-do fits, every character of its texts escaped", async () => {
    const { call } = todosClient();
    const attachments = Array.from({ length: 10 }, (_value, index) => `${index}`.repeat(512));
    const [title, note] = [200, 4000].map((length) => "\\ud83d\\ude00".repeat(length));
    const rawBody = `{"title":"${title}","note":"${note}","attachments":${JSON.stringify(attachments)}}`;
    const { status, body } = await call("POST", "/todos", { rawBody });
    expect(status).toBe(201);
    expect(body.note).toBe("😀".repeat(4000));
  });

  test.each([
    ["nothing", ""],
    ["broken JSON", '{"title":'],
  ])("400: %s is no JSON", async (_case, rawBody) => {
    const { call } = todosClient();
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
    const { call } = todosClient();
    const first = await call("POST", "/todos", { body: { title: "a", note: "" }, headers });
    await call("PUT", `/todos/${first.body.id}`, { body: { title: "b" }, headers: { "if-match": "*" } });
    const second = await call("POST", "/todos", { body: { note: "", title: "a" }, headers });
    expect(second).toEqual(first);
    expect((await call("GET", "/todos")).body.items).toHaveLength(1);
  });

  test("another body under the same key is refused", async () => {
    const { call } = todosClient();
    await call("POST", "/todos", { body: { title: "a" }, headers });
    const { status, body } = await call("POST", "/todos", { body: { title: "b" }, headers });
    expect(status).toBe(422);
    expect(body.detail).toBe("The Idempotency-Key was used with another body.");
  });

  test("a key is its user's alone", async () => {
    const { call } = todosClient();
    const first = await call("POST", "/todos", { body: { title: "a" }, headers });
    const other = await call("POST", "/todos", { body: { title: "a" }, headers, claims: userB });
    expect(other.status).toBe(201);
    expect(other.body.id).not.toBe(first.body.id);
  });

  test.each<[string, string | string[], string]>([
    ["empty", "", "must have at least 1 character"],
    ["too long", "k".repeat(256), "must have at most 255 characters"],
    ["with a space", "a b", "must match ^[!-~]+$"],
    ["given twice", ["a", "b"], "must match ^[!-~]+$"],
    ["given twice, both the same", ["a", "a"], "must match ^[!-~]+$"],
  ])("a key that is %s is refused", async (_case, key, detail) => {
    const { call } = todosClient();
    const { status, body } = await call("POST", "/todos", {
      body: { title: "a" },
      headers: { "idempotency-key": key },
    });
    expect(status).toBe(400);
    expect(body.errors).toContainEqual({ parameter: "Idempotency-Key", detail });
  });
});
