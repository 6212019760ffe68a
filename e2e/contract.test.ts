import { randomUUID } from "node:crypto";
import { ApiContract } from "../scripts/internal/api-contract";
import { type TodoApi, todoApi } from "./internal/api";
import { endpoints } from "./internal/environment";
import { type FuzzConfig, Fuzzer } from "./internal/fuzz";
import type { Answer } from "./internal/http";
import { newUser, type TestUser } from "./internal/users";

const DOCUMENT = "api/todos/v1.yaml";
const contract = new ApiContract(DOCUMENT);
/** Statuses that no test brings about here: they need a firewall, 10 GB of to-dos, a flood, or something that is down. */
const OUT_OF_REACH = [403, 409, 429, 500, 502, 503, 504];

let user: TestUser;
let api: TodoApi;

beforeAll(async () => {
  user = await newUser();
  api = todoApi(user.idToken);
});

test("control 18: over a run that brings about every status, each answer is what the contract says", async () => {
  const seen = new Set<string>();
  const wrong: string[] = [];
  const see = async <Body>(operation: string, asked: Promise<Answer<Body>>): Promise<Answer<Body>> => {
    const [id = "", method = "", path = ""] = operation.split(" ");
    const answer = await asked;
    seen.add(`${id} ${answer.status}`);
    wrong.push(...contract.violations(method, path, answer));
    return answer;
  };
  const create = "createTodo POST /todos";
  const list = "listTodos GET /todos";
  const get = "getTodo GET /todos/{id}";
  const replace = "replaceTodo PUT /todos/{id}";
  const remove = "deleteTodo DELETE /todos/{id}";
  const stranger = todoApi();
  const nobodys = randomUUID();
  const text = { body: '{"title":"a"}', headers: { "Content-Type": "text/plain" } };
  const large = { title: "a", note: "x".repeat(65 * 1024) };

  const { body: plain } = await see(create, api.create({ title: "Only a title" }));
  const full = {
    title: "a",
    note: "b",
    status: "done",
    dueAt: "2030-01-31T18:00:00Z",
    attachments: ["a/b.jpg"],
  } as const;
  const key = { "Idempotency-Key": randomUUID() };
  await see(create, api.create({ ...full, attachments: [...full.attachments] }, key));
  await see(create, api.create({ title: "another" }, key));
  await see(create, stranger.create({ title: "a" }));
  await see(create, api.request("POST", "/todos", { body: {} }));
  await see(create, api.request("POST", "/todos", { body: "{" }));
  await see(create, api.create(large));
  await see(create, api.request("POST", "/todos", text));

  const page = await see(list, api.list({ limit: 1 }));
  await see(list, api.list({ nextToken: page.body.nextToken ?? "" }));
  await see(list, api.list({ limit: 1 }, { "If-None-Match": page.headers.get("etag") ?? "" }));
  await see(list, api.list({ limit: 0 }));
  await see(list, stranger.list());

  const { id } = plain;
  await see(get, api.read(id));
  await see(get, api.read(id, { "If-None-Match": '"1"' }));
  await see(get, api.read(id, { "If-None-Match": "x".repeat(1025) }));
  await see(get, api.read(nobodys));
  await see(get, api.read("no-id"));
  await see(get, stranger.read(id));

  await see(replace, api.replace(id, { title: "b" }));
  await see(replace, api.replace(id, { title: "b" }, { "If-Match": '"1"' }));
  await see(replace, api.replace(id, { title: "c" }, { "If-Match": '"1"' }));
  await see(replace, api.replace(id, { title: "" }, { "If-Match": '"2"' }));
  await see(replace, api.replace(nobodys, { title: "b" }, { "If-Match": "*" }));
  await see(replace, api.replace(id, large, { "If-Match": '"2"' }));
  await see(replace, api.request("PUT", `/todos/${id}`, text));
  await see(replace, stranger.replace(id, { title: "b" }));

  await see(remove, api.remove(id, { "If-Match": "none" }));
  await see(remove, api.remove(id, { "If-Match": '"1"' }));
  await see(remove, stranger.remove(id));
  await see(remove, api.remove(id));
  await see(remove, api.remove(id));

  expect(wrong).toEqual([]);
  const reachable = contract
    .documented()
    .filter((name) => !OUT_OF_REACH.includes(Number(name.split(" ")[1])));
  expect([...seen].sort()).toEqual(reachable.sort());
});

test.each([
  ["an undocumented status", { status: 418 }, "getTodo 418 is not documented: {}"],
  ["a body where there is none", { status: 304 }, "getTodo 304 has a body: {}"],
  ["another type", { status: 404 }, "getTodo 404 is of type application/json"],
  ["a body of another shape", { status: 200 }, "getTodo 200: data must have required property 'id'"],
])("the contract's check sees %s", (_case, { status }, sentence) => {
  const headers = new Headers({
    "Content-Type": "application/json",
    ETag: '"1"',
    "Cache-Control": "no-store",
  });
  const answer = { status, headers, text: "{}", body: {} };
  expect(contract.violations("GET", "/todos/{id}", answer).join()).toContain(sentence);
});

test("the contract's check sees a header that is missing", () => {
  const answer = { status: 304, headers: new Headers(), text: "", body: undefined };
  expect(contract.violations("GET", "/todos", answer)).toEqual(["listTodos 304 lacks the header ETag"]);
});

describe("control 18: some hundred made-up requests, right and wrong ones,", () => {
  let fuzzer: Fuzzer;

  beforeAll(async () => {
    fuzzer = await Fuzzer.prepare();
  }, 120_000);

  afterAll(() => fuzzer.remove());

  const fuzz = (config: Pick<FuzzConfig, "phases" | "mostExamples" | "operations" | "settings">) =>
    fuzzer.run({
      ...config,
      document: DOCUMENT,
      url: endpoints().apiUrl,
      headers: { Authorization: `Bearer ${user.idToken}` },
    });

  test("over all operations, one after another and in sequences that build on one another, bring about nothing else", async () => {
    const phases = ["examples", "coverage", "fuzzing", "stateful"];
    const { code, output, requests } = await fuzz({ phases, mostExamples: 10 });
    expect(output).toMatch(/\d+ passed/);
    expect({ code, ...(code !== 0 && { output }) }).toEqual({ code: 0 });
    expect(requests).toBeGreaterThan(200);
  }, 120_000);

  test("on a to-do that is there bring about nothing else", async () => {
    const { body } = await api.create({ title: "There" });
    const { code, output } = await fuzz({
      settings: `[parameters]\n"path.id" = "${body.id}"\n"header.If-Match" = "*"\n`,
      operations: ["getTodo", "replaceTodo"],
      phases: ["coverage", "fuzzing"],
      mostExamples: 15,
    });
    expect({ code, ...(code !== 0 && { output }) }).toEqual({ code: 0 });
    // It was replaced, more than once, by what the fuzzer made up.
    expect((await api.read(body.id)).body.version).toBeGreaterThan(3);
  }, 60_000);
});
