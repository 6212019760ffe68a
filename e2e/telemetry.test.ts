import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { todoApi } from "./internal/api";
import { endpoints } from "./internal/environment";
import { type FolderUser, newFolderUser, put } from "./internal/files";
import { type Answer, expectProblem } from "./internal/http";
import { logLines } from "./internal/logs";

/** Above the limit of envs/local, so that the upload guard has something to count. */
const TOO_LARGE_BYTES = 5 * 1024 * 1024 + 1;
/** Seconds within which everything must be in the logs. */
const LOG_SECONDS = 10;
type Entry = Readonly<Record<string, unknown>>;

/** One user's session, in which every text is recognisable, and what has become of it in the logs. */
let user: FolderUser;
/** What must not be in the logs, by what it is. */
let personal: Readonly<Record<string, string>>;
/** Route, status and request id of requests whose answers name it: problem details. */
const problems: Entry[] = [];
/** Request id of what the gateway refuses by itself. */
let refused: string;
let todosLines: string[];
let guardLines: string[];

beforeAll(async () => {
  const since = Date.now();
  user = await newFolderUser();
  const secret = randomUUID();
  const [title, note, file] = [`title ${secret}`, `note ${secret}`, `${secret}.jpg`];
  personal = {
    "title, note, file name": secret,
    "e-mail address": user.email,
    "user's id": user.sub,
    "identity's id": user.folder.split(":")[1] ?? "",
    password: user.password,
    "ID token": user.idToken.split(".")[1] ?? "",
    "ID token's signature": user.idToken.split(".")[2] ?? "",
    "access token": user.accessToken.split(".")[1] ?? "",
    "AWS session token": (await user.credentials()).sessionToken,
  };
  await useApi(title, note, file, secret);
  await put(user, `${user.folder}/${file}`);
  await put(user, `${user.folder}/large-${file}`, Buffer.alloc(TOO_LARGE_BYTES));

  const isComplete = () =>
    problems.every(({ requestId }) => todosLines.some((line) => line.includes(String(requestId)))) &&
    guardLines.some((line) => line.includes(`"bytes":${TOO_LARGE_BYTES}`));
  for (const deadline = Date.now() + LOG_SECONDS * 1000; Date.now() < deadline; await sleep(200)) {
    [todosLines, guardLines] = await Promise.all([
      logLines("todos-v1", since),
      logLines("upload-guard", since),
    ]);
    if (isComplete()) return;
  }
});

afterAll(() => user.s3.destroy());

/** Every operation, answered well and with each error that can be had. */
async function useApi(title: string, note: string, file: string, secret: string): Promise<void> {
  const api = todoApi(user.idToken);
  const input = { title, note, status: "open" as const, dueAt: null, attachments: [`photos/${file}`] };
  const key = { "Idempotency-Key": secret };
  const created = await api.create(input, key);
  expect(created.status).toBe(201);
  const { id } = created.body;
  const changed = { ...input, title: `${title}, changed` };

  expectLogged("POST /todos", 422, await api.create(changed, key));
  expect((await api.list()).body.items).toHaveLength(1);
  expect((await api.read(id)).status).toBe(200);
  expect((await api.replace(id, changed, { "If-Match": '"1"' })).status).toBe(200);
  expectLogged("PUT /todos/{id}", 412, await api.replace(id, changed, { "If-Match": '"1"' }));
  expectLogged("PUT /todos/{id}", 428, await api.replace(id, changed));
  expectLogged("GET /todos/{id}", 404, await api.read(secret));
  expectLogged("GET /todos", 400, await api.list({ nextToken: secret }));
  expect((await api.remove(id)).status).toBe(204);
  // Bodies are judged by the function, which names every violated field: docs/decisions/0007-validation-at-both-ends.md.
  expectLogged("POST /todos", 400, await api.create({ ...input, title: title.repeat(10) }));
  refused = expectProblem(await todoApi(`${user.idToken}x`).list(), 401).requestId;
}

function expectLogged(route: string, status: number, answer: Answer<unknown>): void {
  const { requestId } = expectProblem(answer, status);
  problems.push({ route, status, requestId });
}

/** What the function itself has written. Other lines are the runtime's, around each invocation, and Node.js's warnings. */
function entries(lines: readonly string[]): Entry[] {
  return lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as Entry);
}

describe("control 28: no log line holds", () => {
  test.each(["todos", "upload-guard"])("personal data or a token, of the function %s", (name) => {
    const text = (name === "todos" ? todosLines : guardLines).join("\n");
    expect(text).not.toBe("");
    const found = Object.entries(personal).filter(([, value]) => text.includes(value));
    expect(found.map(([what]) => what)).toEqual([]);
  });
});

test("each request has one line, with its route, its status, its time and the id that the client was told", () => {
  const logged = entries(todosLines);
  expect(problems).toHaveLength(6);
  for (const problem of problems) {
    const lines = logged.filter(({ requestId }) => requestId === problem["requestId"]);
    expect(lines).toEqual([
      expect.objectContaining({
        ...problem,
        level: "INFO",
        message: "request",
        service: "todos-v1",
        milliseconds: expect.any(Number),
        function_request_id: expect.any(String),
      }),
    ]);
  }
});

test("what the gateway refuses for its token never reaches the function", () => {
  expect(entries(todosLines).map(({ requestId }) => requestId)).not.toContain(refused);
});

test("every entry is JSON with level and message, or a metric", () => {
  for (const entry of [...entries(todosLines), ...entries(guardLines)]) {
    expect(entry).toEqual(
      "_aws" in entry
        ? expect.objectContaining({ service: expect.any(String) })
        : expect.objectContaining({ level: expect.any(String), message: expect.any(String) }),
    );
  }
});

test("what the upload guard counts is in the log as a CloudWatch metric of the environment's namespace", () => {
  const environment = endpoints().bucket.split("-files-")[0];
  expect(entries(guardLines)).toContainEqual({
    _aws: {
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [
        {
          Namespace: environment,
          Dimensions: [["service"]],
          Metrics: [{ Name: "UploadTooLarge", Unit: "Count" }],
        },
      ],
    },
    service: "upload-guard",
    UploadTooLarge: 1,
  });
});
