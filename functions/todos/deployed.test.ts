import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { unzipSync } from "fflate";
import { buildFunctions } from "../../modules/internal/function-bundle";
import { type DynamoDbStub, startDynamoDbStub } from "../../runtime/dynamodb-stub";

// The very bytes that are deployed, in a process of their own.

const event = {
  httpMethod: "GET",
  resource: "/todos",
  path: "/todos",
  headers: {},
  requestContext: { requestId: "request-1", authorizer: { claims: { sub: "user-1", token_use: "id" } } },
};
const CALLER = `
const { handler } = require("./index.js");
handler(${JSON.stringify(event)}, { getRemainingTimeInMillis: () => 9000 }).then((result) => {
  process.stdout.write("\\nRESULT " + JSON.stringify(result) + "\\n", () => process.exit(0));
});`;

let folder: string;
let stub: DynamoDbStub;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "deployed-todos-"));
  const { zipPath } = buildFunctions(resolve(__dirname, "..", ".."))["todos"] ?? {};
  for (const [name, code] of Object.entries(unzipSync(readFileSync(zipPath as string)))) {
    writeFileSync(join(folder, name), code);
  }
  writeFileSync(join(folder, "caller.js"), CALLER);
  stub = await startDynamoDbStub(() => ({ status: 200, body: { Items: [] } }));
});

afterAll(async () => {
  await stub.close();
  rmSync(folder, { recursive: true });
});

/** Calls the function once, with these variables besides those that Lambda sets. */
async function call(variables: Record<string, string>) {
  const child = spawn(process.execPath, ["caller.js"], {
    cwd: folder,
    env: {
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_ENDPOINT_URL_DYNAMODB: stub.endpoint,
      API_VERSION: "v1",
      ...variables,
    },
  });
  let out = "";
  let complaint = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    complaint += chunk;
  });
  const [code] = await once(child, "close");
  const lines = out.split("\n").filter((line) => line.startsWith("{"));
  const result = /^RESULT (.*)$/m.exec(out)?.[1] ?? "null";
  return { code, complaint, result: JSON.parse(result), lines: lines.map((line) => JSON.parse(line)) };
}

test("answers, and logs one line in JSON", async () => {
  const { result, lines } = await call({ TODOS_TABLE: "todos" });
  expect(result).toMatchObject({ statusCode: 200, body: '{"items":[]}' });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ message: "request", service: "todos", route: "GET /todos", status: 200 });
});

test("control 42: with a DAX cluster that is not there, the database answers, and the fallback is counted", async () => {
  const { result, lines } = await call({ TODOS_TABLE: "todos", DAX_ENDPOINT: "dax://127.0.0.1:9" });
  expect(result.statusCode).toBe(200);
  expect(lines).toContainEqual(expect.objectContaining({ service: "todos", DaxFallback: 1 }));
});

test("names a variable that is missing", async () => {
  const { code, complaint } = await call({});
  expect(code).toBe(1);
  expect(complaint).toContain("Error: environment: TODOS_TABLE must be set, got nothing");
});
