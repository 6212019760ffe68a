import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { buildServices } from "../../modules/internal/service-bundle";

// The very bytes that are deployed, in a process of their own.

const services = Object.values(buildServices(resolve(__dirname, "..", "..")));
const COMMON = { SERVICE_NAME: "test", PORT: "0", HOST: "127.0.0.1", AWS_REGION: "eu-west-1" };

test.each(services)(
  "$name, without its environment, says in one line what is missing and ends with 1",
  ({ folder, environment }) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["index.mjs"], {
      cwd: folder,
      env: COMMON,
      encoding: "utf8",
      timeout: 20_000,
    });
    expect([status, stderr]).toEqual([1, ""]);
    expect(stdout.trimEnd().split("\n")).toHaveLength(1);
    const line = JSON.parse(stdout) as { reason: string };
    expect(line).toMatchObject({ level: "ERROR", message: "not started", service: "test" });
    const missing = /^Error: environment: (.+) must be set, got nothing$/.exec(line.reason)?.[1]?.split(", ");
    expect(Object.keys(environment)).toEqual(expect.arrayContaining(missing ?? ["none"]));
  },
);
