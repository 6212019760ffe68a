import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type LocalDirectory, localDirectory } from "./directory";
import { findLogGroup, logs } from "./logs";

const ROOT = resolve(__dirname, "../../..");
/** Names of the log groups that envs/local deploys. */
const DEPLOYED = Object.values<{ name: string }>(
  JSON.parse(readFileSync(join(ROOT, "envs", "testdata", "envs-local.json"), "utf8")).resource
    .aws_cloudwatch_log_group,
).map(({ name }) => name);

describe("the log group of what is deployed", () => {
  test.each([
    ["a function of an API, with the version", "todos-v1", "/aws/lambda/acme-local-todos-v1"],
    ["that of another version", "todos-v2", "/aws/lambda/acme-local-todos-v2"],
    ["a function of an API's only version", "sessions", "/aws/lambda/acme-local-sessions-v1"],
    ["another function", "upload-guard", "/aws/lambda/acme-local-upload-guard"],
    ["a function by its whole name", "/aws/lambda/acme-local-todos-v1", "/aws/lambda/acme-local-todos-v1"],
    ["the API's access log", "/aws/apigateway/acme-local-todos-v1", "/aws/apigateway/acme-local-todos-v1"],
  ])("%s", (_, name, expected) => {
    expect(findLogGroup(DEPLOYED, name)).toBe(expected);
  });

  test.each(["guard", "todo", "todos-v3", "local-todos", "to.os", "todos-v", ""])(
    "none is of the name %p",
    (name) => {
      expect(() => findLogGroup(DEPLOYED, name)).toThrow(
        `logs: there is no log of the name "${name}"; there are:${["emulator", "deploy", "supervisor", "edge", ...DEPLOYED].map((each) => `\n  ${each}`).join("")}`,
      );
    },
  );
});

test("the services that have logs are among those that are told", () => {
  expect(() => findLogGroup([], "catlog", ["acme-local-catalog"])).toThrow(
    'logs: there is no log of the name "catlog"; there are:\n  emulator\n  deploy\n  supervisor\n  edge\n  acme-local-catalog',
  );
});

describe("the log group of a function in two versions", () => {
  const groups = ["v1", "v2"].map((version) => `/aws/lambda/acme-local-todos-${version}`);

  test("must be named with the version", () => {
    expect(() => findLogGroup(groups, "todos")).toThrow(
      'logs: there are several logs of the name "todos"; there are:\n  /aws/lambda/acme-local-todos-v1\n  /aws/lambda/acme-local-todos-v2',
    );
    expect(findLogGroup(groups, "todos-v2")).toBe("/aws/lambda/acme-local-todos-v2");
  });

  test("is the one without, where there is one", () => {
    const bare = "/aws/lambda/acme-local-todos";
    expect(findLogGroup([...groups, bare], "todos")).toBe(bare);
  });
});

describe("a log in a file", () => {
  let directory: LocalDirectory;
  let printed: string;

  beforeEach(() => {
    directory = localDirectory("/project", mkdtempSync(join(tmpdir(), "logs-")));
    printed = "";
    jest.spyOn(process.stdout, "write").mockImplementation((text) => {
      printed += text;
      return true;
    });
    mkdirSync(dirname(directory.deployLog));
    writeFileSync(directory.deployLog, "one\ntwo\nthree\n");
  });

  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(directory.path, { recursive: true });
  });

  test.each([
    ["no line", 0, ""],
    ["the last line", 1, "three\n"],
    ["two lines", 2, "two\nthree\n"],
    ["more lines than there are", 100, "one\ntwo\nthree\n"],
  ])("%s", async (_, lines, expected) => {
    await logs(directory, { name: "deploy", lines, follow: false });
    expect(printed).toBe(expected);
  });

  test("that is not there yet is told", async () => {
    await expect(logs(directory, { name: "emulator", lines: 1, follow: false })).rejects.toThrow(
      `logs: there is no ${directory.emulatorLog} yet; scripts/local up writes it`,
    );
  });
});
