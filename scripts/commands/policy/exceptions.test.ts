import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { covers, readExceptions } from "./exceptions";

describe("a pattern", () => {
  test.each([
    ["a path", "access-logs/bucket", "access-logs/bucket", true],
    ["a path that goes on", "access-logs", "access-logs/bucket", false],
    ["a part of a name", "todo-api-*/function", "todo-api-v1/function", true],
    ["a name, not two", "*/bucket", "user-files/files/bucket", false],
    ["any names before", "**/bucket", "user-files/files/bucket", true],
    ["no name before, too", "**/bucket", "bucket", true],
    ["whole names", "**/bucket", "user-files/old-bucket", false],
    ["any names within", "routes/**/method", "routes/todos/{parameter}/OPTIONS/method", true],
    ["any names behind", "*log*/**", "flow-logs/group", true],
    ["a dot as a dot", "from-0.0.0.0_0", "from-0x0.0.0_0", false],
    ["all stacks", "*/*", "bootstrap/prod", true],
  ])("covers %s", (_name, pattern, path, expected) => {
    expect(covers(pattern, path)).toBe(expected);
  });
});

describe("the file of exceptions", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "exceptions-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function read(text: string) {
    const file = join(folder, "exceptions.yaml");
    writeFileSync(file, text);
    return readExceptions(file);
  }

  const REASON = "It is the bucket that access logs go to, and none logs itself.";

  test("is read as it is", () => {
    const entry = { check: "CKV_AWS_18", resources: ["logs/bucket"], stacks: ["envs/*"], because: REASON };
    expect(read(JSON.stringify([entry]))).toEqual([entry]);
  });

  test("names every entry that is wrong", () => {
    const text = `
- check: CKV_AWS_18
  resources: [logs/bucket]
  because: Not needed.
- check: "18"
  resources: []
  because: ${REASON}
- check: CKV2_AWS_6
  resources: [logs/bucket]
  stacks: [prod]
  because: ${REASON}
  until: tomorrow`;
    expect(() => read(text)).toThrow(
      new Error(
        [
          "policy/exceptions.yaml: entry 1 (CKV_AWS_18): because must say why, so that a reviewer can judge it",
          "policy/exceptions.yaml: entry 2 (18): check must be the id of a check, like CKV_AWS_18",
          "policy/exceptions.yaml: entry 2 (18): resources must name one or more construct paths",
          "policy/exceptions.yaml: entry 3 (CKV2_AWS_6): stacks.0 must be a stack, like envs/local or bootstrap/*",
          "policy/exceptions.yaml: entry 3 (CKV2_AWS_6): it has an unknown field: until",
        ].join("\n"),
      ),
    );
  });
});
