import { randomUUID } from "node:crypto";
import { type Todo, type TodoApi, todoApi } from "./internal/api";
import { expectProblem } from "./internal/http";
import { newUser } from "./internal/users";

let api: TodoApi;

beforeAll(async () => {
  api = todoApi((await newUser()).idToken);
});

async function created(title = "Buy milk"): Promise<Todo> {
  const { status, body } = await api.create({ title });
  expect(status).toBe(201);
  return body;
}

function times<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => work(index)));
}

describe("control 10: a conditional write", () => {
  test("without If-Match is refused: 428", async () => {
    const { id } = await created();
    expectProblem(await api.replace(id, { title: "Changed" }), 428);
    expect((await api.read(id)).body.version).toBe(1);
  });

  test("with a stale ETag is refused: 412, with the current one", async () => {
    const { id } = await created();
    expect((await api.replace(id, { title: "First" }, { "If-Match": '"1"' })).status).toBe(200);
    const stale = await api.replace(id, { title: "Second" }, { "If-Match": '"1"' });
    expectProblem(stale, 412);
    expect(stale.headers.get("etag")).toBe('"2"');
    const stillThere = await api.remove(id, { "If-Match": '"1"' });
    expectProblem(stillThere, 412);
    expect(stillThere.headers.get("etag")).toBe('"2"');
    expect((await api.read(id)).body).toMatchObject({ title: "First", version: 2 });
  });

  test.each([
    ["a weak ETag", 'W/"1"', 412],
    ["one of another shape", '"abc"', 412],
    ["no quotes", "1", 400],
  ])("with %s is refused", async (_case, tag, status) => {
    const { id } = await created();
    expectProblem(await api.replace(id, { title: "Changed" }, { "If-Match": tag }), status);
  });

  test.each([
    ["one of several ETags", '"7", "1"'],
    ["*", "*"],
  ])("with %s is done", async (_case, tag) => {
    const { id } = await created();
    const { status, body } = await api.replace(id, { title: "Changed" }, { "If-Match": tag });
    expect(status).toBe(200);
    expect(body.version).toBe(2);
  });

  test("of ten at once with the same ETag exactly one wins, and nothing of the others is kept", async () => {
    for (let round = 1; round <= 3; round++) {
      const { id } = await created();
      const answers = await times(10, (index) =>
        api.replace(id, { title: `by ${index}`, note: `from ${index}` }, { "If-Match": '"1"' }),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(412)]);
      const winner = answers.findIndex(({ status }) => status === 200);
      for (const answer of answers.filter(({ status }) => status === 412)) {
        expectProblem(answer, 412);
        expect(answer.headers.get("etag")).toBe('"2"');
      }
      const { body } = await api.read(id, { "Cache-Control": "max-age=0" });
      expect(body).toMatchObject({ title: `by ${winner}`, note: `from ${winner}`, version: 2 });
      expect(body).toEqual(answers[winner]?.body);
    }
  });

  test("ten at once, each read again and repeated after a conflict, are all done", async () => {
    const { id } = await created("Count");
    await times(5, async (index) => {
      for (;;) {
        const { body, headers } = await api.read(id, { "Cache-Control": "max-age=0" });
        const { status } = await api.replace(
          id,
          { title: body.title, note: `${body.note}${index} ` },
          { "If-Match": headers.get("etag") ?? "" },
        );
        if (status === 200) return;
        expect(status).toBe(412);
      }
    });
    const { note, version } = (await api.read(id)).body;
    expect(note.trim().split(" ").sort()).toEqual(["0", "1", "2", "3", "4"]);
    expect(version).toBe(6);
  });
});

describe("control 9: an Idempotency-Key", () => {
  test("ten requests at once under one key add one to-do and are answered alike", async () => {
    const own = todoApi((await newUser()).idToken);
    const key = { "Idempotency-Key": randomUUID() };
    const answers = await times(10, () => own.create({ title: "Once", note: "only" }, key));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(201));
    for (const header of ["etag", "location", "content-type"]) {
      expect(new Set(answers.map(({ headers }) => headers.get(header))).size).toBe(1);
    }
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect((await own.list()).body.items).toEqual([answers[0]?.body]);
  });

  test("a repetition is answered as the first time, though the to-do has changed or gone since", async () => {
    const key = { "Idempotency-Key": randomUUID() };
    const first = await api.create({ title: "Once" }, key);
    await api.replace(first.body.id, { title: "Changed" }, { "If-Match": '"1"' });
    expect((await api.create({ title: "Once" }, key)).text).toBe(first.text);
    await api.remove(first.body.id);
    const again = await api.create({ title: "Once" }, key);
    expect(again.status).toBe(201);
    expect(again.text).toBe(first.text);
    expectProblem(await api.read(first.body.id), 404);
  });

  test("the same key with another body is refused: 422", async () => {
    const key = { "Idempotency-Key": randomUUID() };
    await api.create({ title: "One" }, key);
    expectProblem(await api.create({ title: "Another" }, key), 422);
    // The order of the fields and what is default by itself make no other body.
    const same = await api.request<Todo>("POST", "/todos", {
      headers: key,
      body: '{ "note": "", "title": "One" }',
    });
    expect(same.status).toBe(201);
  });

  test.each([
    ["too long", "k".repeat(256), "must have at most 255 characters"],
    ["with a space", "a b", "must match ^[!-~]+$"],
  ])("that is %s is refused", async (_case, key, detail) => {
    const { errors } = expectProblem(await api.create({ title: "a" }, { "Idempotency-Key": key }), 400);
    expect(errors).toEqual([{ parameter: "Idempotency-Key", detail }]);
  });
});

describe("a conditional read", () => {
  test("of an unchanged to-do answers 304 without a body", async () => {
    const { id } = await created();
    for (const tag of ['"1"', 'W/"1"', '"9", "1"', "*"]) {
      const answer = await api.read(id, { "If-None-Match": tag });
      expect(answer.status).toBe(304);
      expect(answer.text).toBe("");
      expect(answer.headers.get("etag")).toBe('"1"');
    }
    await api.replace(id, { title: "Changed" }, { "If-Match": '"1"' });
    const changed = await api.read(id, { "If-None-Match": '"1"' });
    expect(changed.status).toBe(200);
    expect(changed.body.title).toBe("Changed");
  });

  test("of an unchanged list answers 304 without a body", async () => {
    const own = todoApi((await newUser()).idToken);
    const empty = await own.list();
    expect((await own.list({}, { "If-None-Match": empty.headers.get("etag") ?? "" })).status).toBe(304);
    await own.create({ title: "New" });
    const changed = await own.list({}, { "If-None-Match": empty.headers.get("etag") ?? "" });
    expect(changed.status).toBe(200);
    const tag = changed.headers.get("etag") ?? "";
    expect(tag).not.toBe(empty.headers.get("etag"));
    const same = await own.list({}, { "If-None-Match": tag });
    expect(same.status).toBe(304);
    expect(same.text).toBe("");
    expect(same.headers.get("etag")).toBe(tag);
  });
});
