import { setTimeout as sleep } from "node:timers/promises";
import { type Todo, type TodoApi, type TodoPage, todoApi } from "./internal/api";
import { expectProblem } from "./internal/http";
import { newUser } from "./internal/users";

const COUNT = 250;
/** Requests at a time: half of the function's reserved concurrency. */
const AT_ONCE = 10;

let api: TodoApi;
/** All to-dos of the user, newest first. */
let all: Todo[];

beforeAll(async () => {
  api = todoApi((await newUser()).idToken);
  all = await createMany(api, COUNT);
}, 60_000);

/** Adds to-dos, every third of them done. @returns them newest first */
async function createMany(of: TodoApi, count: number): Promise<Todo[]> {
  const created: Todo[] = [];
  for (let index = 0; index < count; index += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, count - index) }, async (_, offset) => {
      const number = index + offset;
      const { status, body } = await of.create({
        title: `to-do ${number}`,
        status: number % 3 === 0 ? "done" : "open",
      });
      expect(status).toBe(201);
      return body;
    });
    created.push(...(await Promise.all(batch)));
  }
  // Ids begin with the time, so the order of ids is that of creation, and well defined within a millisecond.
  return created.sort((left, right) => (left.id < right.id ? 1 : -1));
}

/** Every page of a list. @param between done after each page but the last */
async function pages(
  of: TodoApi,
  query: Readonly<Record<string, string | number>>,
  between: (page: TodoPage) => Promise<void> = async () => {},
): Promise<TodoPage[]> {
  const found: TodoPage[] = [];
  for (let nextToken: string | undefined; ; ) {
    const { status, body } = await of.list({ ...query, ...(nextToken !== undefined && { nextToken }) });
    expect(status).toBe(200);
    found.push(body);
    nextToken = body.nextToken;
    if (nextToken === undefined) return found;
    await between(body);
  }
}

function ids(found: readonly TodoPage[]): string[] {
  return found.flatMap(({ items }) => items.map(({ id }) => id));
}

test.each([
  ["as many as there are by default", {}, 25],
  ["1", { limit: 1 }, 1],
  ["7, which leaves a rest", { limit: 7 }, 7],
  ["50, which leaves none", { limit: 50 }, 50],
  ["100, the most", { limit: 100 }, 100],
])(
  "pages of %s hold each of 250 to-dos exactly once, newest first",
  async (_case, query, size) => {
    const found = await pages(api, query);
    expect(ids(found)).toEqual(all.map(({ id }) => id));
    expect(found.flatMap(({ items }) => items)).toEqual(all);
    expect(found.map(({ items }) => items.length)).toEqual([
      ...Array.from({ length: Math.floor(COUNT / size) }, () => size),
      ...(COUNT % size > 0 ? [COUNT % size] : []),
    ]);
    const times = found.flatMap(({ items }) => items.map(({ createdAt }) => createdAt));
    expect(times).toEqual([...times].sort().reverse());
  },
  60_000,
);

test.each(["open", "done"] as const)(
  "with the filter %s, pages hold those of that status alone",
  async (status) => {
    const expected = all.filter((todo) => todo.status === status);
    expect(expected.length).toBeGreaterThan(80);
    for (const limit of [9, 100]) {
      expect(ids(await pages(api, { status, limit }))).toEqual(expected.map(({ id }) => id));
    }
  },
);

test("pages stay as they are while to-dos are added and deleted between them", async () => {
  const own = todoApi((await newUser()).idToken);
  const before = await createMany(own, 60);
  // Newer than any before: ids sort by the millisecond.
  await sleep(2);
  const deletedUnseen: string[] = [];
  let round = 0;
  const found = await pages(own, { limit: 7 }, async ({ items }) => {
    round++;
    await own.create({ title: `added after page ${round}` });
    // The one that the token continues from, and one that no page has shown yet.
    await own.remove(items.at(-1)?.id ?? "");
    const unseen = before.at(-round)?.id ?? "";
    if (round <= 3) {
      deletedUnseen.push(unseen);
      expect((await own.remove(unseen)).status).toBe(204);
    }
  });
  expect(round).toBeGreaterThan(6);
  expect(ids(found)).toEqual(before.map(({ id }) => id).filter((id) => !deletedUnseen.includes(id)));
});

test("a to-do moves between the filters when its status changes", async () => {
  const own = todoApi((await newUser()).idToken);
  const [newest, oldest] = (await createMany(own, 2)) as [Todo, Todo];
  expect([newest.status, oldest.status].sort()).toEqual(["done", "open"]);
  const open = newest.status === "open" ? newest : oldest;
  await own.replace(open.id, { title: "finished", status: "done" }, { "If-Match": '"1"' });
  expect(ids(await pages(own, { status: "open" }))).toEqual([]);
  expect(ids(await pages(own, { status: "done" }))).toEqual([newest.id, oldest.id]);
});

describe("control 17: a token", () => {
  let token: string;
  beforeAll(async () => {
    token = (await api.list({ limit: 10 })).body.nextToken ?? "";
    expect(token).not.toBe("");
  });

  const refused = [{ parameter: "nextToken", detail: expect.stringMatching(/^must be the nextToken/) }];

  test("of another user is refused", async () => {
    const other = todoApi((await newUser()).idToken);
    expect(expectProblem(await other.list({ nextToken: token }), 400).errors).toEqual(refused);
  });

  test.each(["open", "done"])("of another filter than %s is refused", async (status) => {
    expect(expectProblem(await api.list({ nextToken: token, status }), 400).errors).toEqual(refused);
  });

  test("of a filter is refused without it", async () => {
    const { body } = await api.list({ limit: 10, status: "open" });
    expect(expectProblem(await api.list({ nextToken: body.nextToken ?? "" }), 400).errors).toEqual(refused);
  });

  test.each(["AAAA", "not a token", "%", "🥛"])("that is made up is refused: %s", async (nextToken) => {
    expect(expectProblem(await api.list({ nextToken }), 400).errors).toEqual(refused);
  });

  test("with one letter changed is refused, wherever it is", async () => {
    for (let at = 0; at < token.length; at += 5) {
      const letter = token[at] === "A" ? "B" : "A";
      const changed = token.slice(0, at) + letter + token.slice(at + 1);
      expect(expectProblem(await api.list({ nextToken: changed }), 400).errors).toEqual(refused);
    }
  });

  test("that is too long is refused as what it is", async () => {
    const { errors } = expectProblem(await api.list({ nextToken: "a".repeat(201) }), 400);
    expect(errors).toEqual([{ parameter: "nextToken", detail: "must have at most 200 characters" }]);
  });
});
