import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { readApiVersion, stageSkeleton } from "./serve";
import { versionSkeleton } from "./version";

const V1 = `openapi: 3.0.3
info:
  title: To-do API
  version: 1.4.2
  x-deprecation:
    deprecated: "2026-12-01"
    sunset: "2027-12-01"
    successor: v2
servers:
  - url: https://{host}/{basePath}
    variables:
      basePath:
        default: v1
paths:
  # As they were.
  /todos:
    get:
      operationId: listTodos
      deprecated: true
      x-function: todos
`;

const FILES: Readonly<Record<string, string>> = {
  "api/todos/v1.yaml": V1,
  "api/todos/v2.yaml": "paths: { /todos: { get: { x-function: todos } } }\n",
  "api/orders/v1.yaml": "paths: { /orders: { get: { x-service: orders } } }\n",
  "api/sessions/v1.yaml": "paths: { /sessions: { post: { x-function: sessions } } }\n",
  "redocly.yaml":
    "apis:\n  todos@v1:\n    root: api/todos/v1.yaml\n  todos@v2:\n    root: api/todos/v2.yaml\nextends:\n  - recommended-strict\n",
  "functions/sessions/function.json": "{}",
  "functions/todos/function.json": '{ "name": "todos", "contracts": ["todos/v1", "todos/v2"] }',
  "functions/todos/versions.ts": `import { operations as v1 } from "./v1/operations";
import { operations as v2 } from "./v2/operations";

/** The operations of each version. */
export const versions: Readonly<Record<string, Operations>> = { v1, v2 };
`,
  "functions/todos/v1/operations.ts":
    '/** Version 1, api/todos/v1.yaml. */\nimport * as bodies from "../generated/v1/bodies";\nconst v10 = "as version 10";\n',
  "functions/todos/v2/operations.ts": "// two\n",
  "envs/dev.ts": `import type { EnvironmentInput } from "./spec";

export const dev = {
  name: "dev",
  todo: { api: { versions: { v1: { throttleBurst: 5 }, v2: {} }, throttleBurst: 100 } },
} satisfies EnvironmentInput;
`,
  "envs/qa.ts": `export const qa = { name: "qa", todo: { api: { throttleBurst: 100 } } } satisfies EnvironmentInput;\n`,
  "envs/shop.ts": `export const shop = { name: "shop", microservices: {} } satisfies EnvironmentInput;\n`,
  "envs/testdata/envs-dev.json": "{}\n",
};

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "new-version-"));
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
});

afterAll(() => rmSync(root, { recursive: true }));

const todos3 = { api: "todos", version: "v3" };

test("a version is the contract and the edge of another, under its own name, beside it", () => {
  const { place, files, changed, generated } = versionSkeleton(root, todos3, "v1");
  expect(place).toBe("functions/todos/v3");
  expect(files["functions/todos/v3/operations.ts"]).toBe(
    '/** Version 3, api/todos/v3.yaml. */\nimport * as bodies from "../generated/v3/bodies";\nconst v10 = "as version 10";\n',
  );
  expect(changed["functions/todos/versions.ts"]).toContain(
    'import { operations as v1 } from "./v1/operations";\nimport { operations as v3 } from "./v3/operations";\n',
  );
  expect(changed["functions/todos/versions.ts"]).toContain("= { v1, v2, v3 };");
  expect(JSON.parse(changed["functions/todos/function.json"] ?? "").contracts).toEqual([
    "todos/v1",
    "todos/v2",
    "todos/v3",
  ]);
  expect(Object.keys(parse(changed["redocly.yaml"] ?? "").apis)).toEqual([
    "todos@v1",
    "todos@v2",
    "todos@v3",
  ]);
  expect(generated).toContain("functions/todos/generated/v3/bodies.js");
});

test("a contract begins without the end of the one that it is copied from; its comments stay", () => {
  const { files } = versionSkeleton(root, todos3, "v1");
  const text = files["api/todos/v3.yaml"] ?? "";
  expect(text).toContain("  # As they were.\n");
  const { info, servers, paths } = parse(text);
  expect(info).toEqual({ title: "To-do API", version: "3.0.0" });
  expect(servers[0].variables.basePath.default).toBe("v3");
  expect(paths["/todos"].get).toEqual({ operationId: "listTodos", "x-function": "todos" });
});

test("unless it is said otherwise, it is as the latest", () => {
  const { files, changed } = versionSkeleton(root, todos3);
  expect(files["functions/todos/v3/operations.ts"]).toBe("// two\n");
  expect(Object.keys(changed)).not.toContain("envs/dev.ts");
});

test("in an environment it is one word more, and goldens to be made anew", () => {
  const { changed } = versionSkeleton(root, todos3, "v1", "envs/dev");
  expect(changed["envs/dev.ts"]).toContain(
    "versions: { v1: { throttleBurst: 5 }, v2: {}, v3: {} }, throttleBurst: 100",
  );
  expect(changed["envs/testdata/envs-dev.json"]).toBe("{}\n");
});

test("an environment that says nothing of versions goes on with version 1", () => {
  const { changed, files } = stageSkeleton(root, { api: "todos", version: "v2" }, "envs/qa");
  expect(files).toEqual({});
  expect(changed["envs/qa.ts"]).toContain(
    "todo: { api: { versions: { v1: {}, v2: {} }, throttleBurst: 100 } }",
  );
});

const version = (text: string, from?: string, environment?: string) => () =>
  versionSkeleton(root, readApiVersion(text), from, environment);
const stage = (text: string, environment: string) => () =>
  stageSkeleton(root, readApiVersion(text), environment);

test.each<[string, () => unknown, string]>([
  ["no version", version("todos"), "todos: is no version of an API; name both, like todos/v2"],
  [
    "an API that there is not",
    version("mail/v1"),
    "api/mail: is no API; name one of the folders of api/ that hold v1.yaml",
  ],
  ["one that is there", version("todos/v2"), "api/todos/v2.yaml: is there already; choose another name"],
  [
    "of nothing",
    version("todos/v3", "v9"),
    "--from: api/todos/v9.yaml: no such file; these versions are there: v1, v2",
  ],
  [
    "a container's",
    version("orders/v2"),
    "api/orders/v1.yaml: is served by a container; write the version beside it by hand",
  ],
  [
    "of a function that has one",
    version("sessions/v2"),
    "functions/sessions: serves one version alone; give it versions.ts and a folder for each version first, as functions/todos has",
  ],
  [
    "in no environment",
    version("todos/v3", "v1", "envs/no"),
    "envs/no: is no environment; name one, like envs/dev",
  ],
  [
    "a stage of no document",
    stage("todos/v3", "envs/dev"),
    "api/todos/v3.yaml: no such file; scripts/new version todos/v3 makes it",
  ],
  [
    "a stage that is there",
    stage("todos/v2", "envs/dev"),
    "envs/dev.ts: serves v2 already; choose another version",
  ],
  [
    "a stage without the system",
    stage("todos/v2", "envs/shop"),
    "envs/shop.ts: has no todo.api; give it that system first",
  ],
  [
    "a stage of an API that has one",
    stage("sessions/v1", "envs/dev"),
    "api/sessions: an environment serves one version of it alone; this is for todos",
  ],
])("%s is refused", (_case, make, message) => {
  expect(make).toThrow(message);
});
