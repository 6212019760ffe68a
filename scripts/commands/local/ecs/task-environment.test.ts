import { spawnSync } from "node:child_process";
import { nodeOption } from "../names/preload-option";
import { containerEnvironment, type HostSettings } from "./task-environment";

const HOST: HostSettings = {
  endpoint: "http://127.0.0.1:4566",
  region: "us-east-1",
  path: "/usr/bin",
  temporary: "/data/services/tmp",
  preload: "/project/preload.cjs",
  names: "/data/names.json",
  authority: "/data/certificates/ca.pem",
};
const TASK = { ports: new Map([[8080, 41000]]), secrets: {}, marks: {} };

test("what the definition says is there, the port is a free one on the loopback interface", () => {
  const environment = { PORT: "8080", SERVICE_NAME: "catalog", HOST: "0.0.0.0" };
  const env = containerEnvironment({ environment, ports: [8080] }, HOST, TASK);
  expect(env).toMatchObject({ SERVICE_NAME: "catalog", PORT: "41000", HOST: "127.0.0.1" });
});

test("a container that listens on nothing keeps its variables", () => {
  const env = containerEnvironment({ environment: { PORT: "8080" }, ports: [] }, HOST, TASK);
  expect(env["PORT"]).toBe("8080");
});

test("secrets, credentials and marks come with the task", () => {
  const env = containerEnvironment({ environment: {}, ports: [] }, HOST, {
    ...TASK,
    secrets: { DATABASE_PASSWORD: "s3cret" },
    credentials: { url: "http://127.0.0.1:4600/credentials/1", token: "t" },
    marks: { MARK: "/data" },
  });
  expect(env).toMatchObject({
    DATABASE_PASSWORD: "s3cret",
    AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:4600/credentials/1",
    AWS_CONTAINER_AUTHORIZATION_TOKEN: "t",
    MARK: "/data",
  });
});

test("nothing of this process's own environment is there", () => {
  process.env["LEAKED"] = "1";
  try {
    expect(containerEnvironment({ environment: {}, ports: [] }, HOST, TASK)).not.toHaveProperty("LEAKED");
  } finally {
    delete process.env["LEAKED"];
  }
});

test("options of Node.js that the definition has stay beside ours", () => {
  const environment = { NODE_OPTIONS: "--enable-source-maps" };
  const env = containerEnvironment({ environment, ports: [] }, HOST, TASK);
  expect(env["NODE_OPTIONS"]).toBe('--enable-source-maps --require="/project/preload.cjs"');
});

test("Node.js reads a path with blanks, quotes and backslashes back", () => {
  const path = `/no such/it's a "folder"\\x.cjs`;
  const env = { NODE_OPTIONS: nodeOption("--require", path) };
  const { stderr } = spawnSync(process.execPath, ["-e", ""], { encoding: "utf8", env });
  expect(stderr).toContain(`Cannot find module '${path}'`);
});
