import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureVirtualEnvironment } from "../scripts/commands/local/python";
import { checkTools } from "../scripts/commands/local/tools";
import { ApiContract } from "../scripts/internal/api-contract";
import { type TodoApi, todoApi } from "./internal/api";
import { environmentDirectory } from "./internal/directory";
import { endpoints } from "./internal/environment";
import type { Answer } from "./internal/http";
import { ROOT, run } from "./internal/project";
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
  const CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
    "negative_data_rejection",
    "ignored_auth",
    "use_after_free",
    "ensure_resource_availability",
    // Not positive_data_acceptance: a schema cannot say that a nextToken is opaque, or a key was used before.
  ];
  let folder: string;
  let schemathesis: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "schemathesis-"));
    const python = await ensureVirtualEnvironment(
      environmentDirectory(),
      checkTools().python,
      () => {},
      join(__dirname, "requirements.txt"),
    );
    schemathesis = join(python, "..", "schemathesis");
  }, 120_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs schemathesis. @returns how it ended, and how many requests it made up */
  async function fuzz(config: string, ...options: string[]) {
    const configFile = join(folder, "schemathesis.toml");
    writeFileSync(configFile, config);
    const { code, output } = await run(
      [
        schemathesis,
        ...["--config-file", configFile, "run", join(ROOT, DOCUMENT), "--url", endpoints().apiUrl],
        ...["--header", `Authorization: Bearer ${user.idToken}`, "--checks", CHECKS.join()],
        // The same requests every time: what is red once is red again.
        ...["--seed", "1", "--generation-deterministic"],
        ...["--continue-on-failure", "--no-shrink", "--no-color", ...options],
      ],
      folder,
      { PATH: process.env["PATH"], HOME: folder, LANG: "C.UTF-8" },
    );
    return { code, output, requests: Number(/(\d+) generated/.exec(output)?.[1]) };
  }

  test("over all operations, one after another and in sequences that build on one another, bring about nothing else", async () => {
    const { code, output, requests } = await fuzz(
      "",
      "--phases",
      "examples,coverage,fuzzing,stateful",
      "--max-examples",
      "10",
    );
    expect(output).toMatch(/\d+ passed/);
    expect({ code, ...(code !== 0 && { output }) }).toEqual({ code: 0 });
    expect(requests).toBeGreaterThan(200);
  }, 120_000);

  test("on a to-do that is there bring about nothing else", async () => {
    const { body } = await api.create({ title: "There" });
    const there = `[parameters]\n"path.id" = "${body.id}"\n"header.If-Match" = "*"\n`;
    const operations = ["--include-operation-id", "getTodo", "--include-operation-id", "replaceTodo"];
    const { code, output } = await fuzz(
      there,
      ...operations,
      "--phases",
      "coverage,fuzzing",
      "--max-examples",
      "15",
    );
    expect({ code, ...(code !== 0 && { output }) }).toEqual({ code: 0 });
    // It was replaced, more than once, by what the fuzzer made up.
    expect((await api.read(body.id)).body.version).toBeGreaterThan(3);
  }, 60_000);
});
