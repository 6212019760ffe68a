import { randomUUID } from "node:crypto";
import type { components } from "../functions/todos/generated/v2/types";
import { signedHeaders } from "../runtime";
import { reachableApiUrl } from "../scripts/commands/local/outputs";
import { ApiContract } from "../scripts/internal/api-contract";
import { type TodoApi, todoApi } from "./internal/api";
import { ADMINISTRATOR, endpoints } from "./internal/environment";
import { Fuzzer } from "./internal/fuzz";
import { type Answer, expectProblem, type RequestHeaders, type RequestOptions, send } from "./internal/http";
import { newUser, type TestUser } from "./internal/users";

type Schemas = components["schemas"];
type Todo = Schemas["Todo"];

/** Statuses that no test brings about here: they need a firewall, 10 GB of to-dos, a flood, or something that is down. */
const OUT_OF_REACH = [403, 409, 429, 500, 502, 503, 504];
const NO_ID = "01890a5d-ac96-774b-bcce-b302099a8057";

let user: TestUser;
let v1: TodoApi;

beforeAll(async () => {
  user = await newUser();
  v1 = todoApi(user.idToken);
});

function urlOf(version: string): string {
  const url = endpoints().apiUrls?.[version];
  if (url === undefined) throw new Error(`the environment serves no ${version}`);
  return url;
}

/** A request of the user's to version 2. */
function ask<Body>(
  method: string,
  path: string,
  { headers, ...options }: RequestOptions = {},
): Promise<Answer<Body>> {
  const authorization = { Authorization: `Bearer ${user.idToken}` };
  return send(method, `${urlOf("v2")}${path}`, { ...options, headers: { ...authorization, ...headers } });
}

function patch(id: string, body: unknown, headers: RequestHeaders = {}): Promise<Answer<Todo>> {
  const type = { "Content-Type": "application/merge-patch+json" };
  return ask("PATCH", `/todos/${id}`, { body, headers: { ...type, ...headers } });
}

async function created(body: Schemas["TodoInput"] & { readonly title: string }): Promise<Todo> {
  const answer = await ask<Todo>("POST", "/todos", { body });
  expect(answer.status).toBe(201);
  return answer.body;
}

describe("both versions are of the same to-dos", () => {
  test("each shows them in its own way, and neither overwrites what the other alone knows", async () => {
    const todo = await created({ title: "Buy milk", priority: "high" });
    expect(todo).not.toHaveProperty("note");
    const { priority: _younger, ...known } = todo;
    const fresh = { "Cache-Control": "max-age=0" };
    expect((await v1.read(todo.id, fresh)).body).toEqual({ ...known, note: "", dueAt: null });

    const replaced = await v1.replace(todo.id, { title: "Buy bread", note: "brown" }, { "If-Match": '"1"' });
    expect(replaced.status).toBe(200);
    const read = await ask<Todo>("GET", `/todos/${todo.id}`, { headers: fresh });
    expect(read.body).toEqual({
      ...todo,
      title: "Buy bread",
      note: "brown",
      version: 2,
      updatedAt: replaced.body.updatedAt,
    });

    const changed = await patch(todo.id, { status: "done", note: null }, { "If-Match": '"2"' });
    expect(changed).toMatchObject({
      status: 200,
      body: { status: "done", priority: "high", title: "Buy bread" },
    });
    expect(changed.body).not.toHaveProperty("note");
    expect((await v1.read(todo.id, fresh)).body).toMatchObject({ status: "done", note: "", version: 3 });
  });

  test("control 10: one version's change refuses the other's that was made from an older state", async () => {
    const { id } = await created({ title: "a" });
    expect((await patch(id, { title: "b" }, { "If-Match": '"1"' })).status).toBe(200);
    const late = await v1.replace(id, { title: "c" }, { "If-Match": '"1"' });
    expectProblem(late, 412);
    expect(late.headers.get("etag")).toBe('"2"');
  });
});

describe("every answer of version 1 says that it is deprecated, since when, until when, and what comes after it:", () => {
  const cases: [string, number, () => Promise<Answer<unknown>>][] = [
    ["a list", 200, () => v1.list()],
    ["what has not changed", 304, () => v1.list({}, { "If-None-Match": "*" })],
    ["the function's refusal", 404, () => v1.read(NO_ID)],
    ["the function's refusal of a body", 400, () => v1.request("POST", "/todos", { body: {} })],
    ["the gateway's refusal of a body", 400, () => v1.request("POST", "/todos", { body: { title: 1 } })],
    ["an unknown route", 404, () => v1.request("GET", "/nothing")],
    ["a missing token", 401, () => todoApi().list()],
    ["a preflight", 204, () => todoApi().request("OPTIONS", "/todos")],
  ];

  test.each(cases)("%s, %i", async (_case, status, request) => {
    const { status: answered, headers } = await request();
    expect({
      status: answered,
      deprecation: headers.get("deprecation"),
      sunset: headers.get("sunset"),
      link: headers.get("link"),
    }).toEqual({
      status,
      deprecation: "@1796083200",
      sunset: "Wed, 01 Dec 2027 00:00:00 GMT",
      link: expect.stringMatching(
        /^<https:\/\/[^>]+\/v2>; rel="successor-version", <https:[^>]+>; rel="deprecation"; type="text\/html", /,
      ),
    });
  });

  test("the successor answers at the address that is told", async () => {
    const { headers } = await v1.list();
    const [, url = ""] = /<([^>]+)>; rel="successor-version"/.exec(headers.get("link") ?? "") ?? [];
    expect(reachableApiUrl(url, Number(new URL(endpoints().endpoint).port))).toBe(urlOf("v2"));
    expect((await ask("GET", "/todos")).status).toBe(200);
  });

  test("the app's pages may read it", async () => {
    for (const { headers } of [await v1.list(), await todoApi().list()]) {
      const exposed = (headers.get("access-control-expose-headers") ?? "").split(",");
      expect(exposed).toEqual(expect.arrayContaining(["Deprecation", "Sunset", "Link"]));
    }
  });

  test("version 2 says nothing of it", async () => {
    const answers = [
      await ask("GET", "/todos"),
      await ask("GET", "/nothing"),
      await send("GET", `${urlOf("v2")}/todos`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 401]);
    for (const { headers } of answers) {
      for (const name of ["deprecation", "sunset", "link"]) expect(headers.get(name)).toBeNull();
    }
  });
});

test("control 13: each version has a stage of its own, with its own limits", async () => {
  const settings = async (version: string) => {
    const [, id] = /\/restapis\/([^/]+)\//.exec(urlOf(version)) ?? [];
    const { endpoint, region } = endpoints();
    const url = new URL(`${endpoint}/restapis/${id}/stages/${version}`);
    const signature = { credentials: ADMINISTRATOR, region, service: "apigateway", now: Date.now() };
    const { body } = await send<{ stageName: string; methodSettings: Record<string, object> }>(
      "GET",
      `${url}`,
      {
        headers: signedHeaders({ method: "GET", url }, signature),
      },
    );
    return { stageName: body.stageName, limits: body.methodSettings["*/*"] };
  };
  expect([await settings("v1"), await settings("v2")]).toMatchObject([
    { stageName: "v1", limits: { throttlingRateLimit: 500, throttlingBurstLimit: 1000 } },
    { stageName: "v2", limits: { throttlingRateLimit: 1000, throttlingBurstLimit: 2000 } },
  ]);
});

test("control 18: over a run that brings about every status, each answer of version 2 is what the contract says", async () => {
  const contract = new ApiContract("api/todos/v2.yaml");
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
  const change = "changeTodo PATCH /todos/{id}";
  const remove = "deleteTodo DELETE /todos/{id}";
  const stranger = { headers: { Authorization: "Bearer none" } };
  const large = "x".repeat(65 * 1024);
  const post = (body: unknown, headers: RequestHeaders = {}) =>
    ask<Todo>("POST", "/todos", { body, headers });

  const { body: todo } = await see(create, post({ title: "Only a title" }));
  const full = {
    title: "a",
    note: "b",
    status: "done",
    priority: "low",
    dueAt: "2030-01-31T18:00:00Z",
    attachments: ["a/b.jpg"],
  };
  const key = { "Idempotency-Key": randomUUID() };
  await see(create, post(full, key));
  await see(create, post({ title: "another" }, key));
  await see(create, ask("POST", "/todos", { ...stranger, body: full }));
  await see(create, post({ title: "a", note: "" }));
  await see(create, post({ title: "a", note: large }));
  await see(create, post("{}", { "Content-Type": "text/plain" }));

  const page = await see(list, ask<Schemas["TodoPage"]>("GET", "/todos?limit=1&status=open"));
  await see(list, ask("GET", `/todos?pageToken=${page.body.nextPageToken ?? "none"}`));
  await see(list, ask("GET", "/todos", { headers: { "If-None-Match": "*" } }));
  await see(list, ask("GET", "/todos?limit=0"));
  await see(list, ask("GET", "/todos", stranger));

  const path = `/todos/${todo.id}`;
  await see(get, ask("GET", path));
  await see(get, ask("GET", path, { headers: { "If-None-Match": '"1"' } }));
  await see(get, ask("GET", path, { headers: { "If-None-Match": "x".repeat(1025) } }));
  await see(get, ask("GET", `/todos/${NO_ID}`));
  await see(get, ask("GET", path, stranger));

  await see(change, patch(todo.id, { title: "b" }));
  await see(change, patch(todo.id, { priority: "high" }, { "If-Match": '"1"' }));
  await see(change, patch(todo.id, { title: "c" }, { "If-Match": '"1"' }));
  await see(change, patch(todo.id, { title: null }, { "If-Match": '"2"' }));
  await see(change, patch(NO_ID, { title: "b" }, { "If-Match": "*" }));
  await see(change, patch(todo.id, { note: large }, { "If-Match": '"2"' }));
  const wrongType = await see(
    change,
    patch(todo.id, { title: "b" }, { "If-Match": "*", "Content-Type": "application/json" }),
  );
  expect(wrongType.headers.get("accept-patch")).toBe("application/merge-patch+json");
  await see(change, patch(todo.id, { title: "b" }, stranger.headers));
  // The gateway holds a patch against its shape, before the function sees it.
  const shape = await see(change, patch(todo.id, { title: 1 }, { "If-Match": "*" }));
  expect(expectProblem(shape, 400)).not.toHaveProperty("errors");

  await see(remove, ask("DELETE", path, { headers: { "If-Match": "none" } }));
  await see(remove, ask("DELETE", path, { headers: { "If-Match": '"1"' } }));
  await see(remove, ask("DELETE", path, stranger));
  await see(remove, ask("DELETE", path));
  await see(remove, ask("DELETE", path));

  expect(wrong).toEqual([]);
  const reachable = contract
    .documented()
    .filter((name) => !OUT_OF_REACH.includes(Number(name.split(" ")[1])));
  expect([...seen].sort()).toEqual(reachable.sort());
});

describe("control 18: made-up requests to version 2, right and wrong ones,", () => {
  let fuzzer: Fuzzer;

  beforeAll(async () => {
    fuzzer = await Fuzzer.prepare();
  }, 120_000);

  afterAll(() => fuzzer.remove());

  test("bring about nothing that the contract does not say", async () => {
    const { code, output, requests } = await fuzzer.run({
      document: "api/todos/v2.yaml",
      url: urlOf("v2"),
      headers: { Authorization: `Bearer ${user.idToken}` },
      phases: ["examples", "coverage", "fuzzing"],
      mostExamples: 5,
    });
    expect({ code, ...(code !== 0 && { output }) }).toEqual({ code: 0 });
    expect(requests).toBeGreaterThan(100);
  }, 120_000);
});
