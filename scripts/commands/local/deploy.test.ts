import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { restoreCheckpoint, takeCheckpoint } from "./checkpoint";
import { recoverDeployment } from "./deploy";
import { type LocalDirectory, localDirectory } from "./directory";
import { MARKS } from "./settings";

let directory: LocalDirectory;

beforeEach(() => {
  directory = localDirectory("/project", mkdtempSync(join(tmpdir(), "deploy-")));
});

afterEach(() => {
  rmSync(directory.path, { recursive: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const files = () => ({
  state: join(directory.data, "state", "s3.json"),
  object: join(directory.data, "s3", "000000000000", "bucket", "key"),
  terraform: directory.terraformState,
});

describe("checkpoint", () => {
  test("data and Terraform's state are put back together", () => {
    for (const path of Object.values(files())) write(path, "before");
    takeCheckpoint(directory);
    for (const path of Object.values(files())) write(path, "after");
    write(join(directory.data, "s3", "000000000000", "new", "key"), "after");

    restoreCheckpoint(directory);
    for (const path of Object.values(files())) expect(readFileSync(path, "utf8")).toBe("before");
    expect(existsSync(join(directory.data, "s3", "000000000000", "new"))).toBe(false);
  });

  test("before the first deployment there is nothing, and nothing is what comes back", () => {
    takeCheckpoint(directory);
    for (const path of Object.values(files())) write(path, "after");
    restoreCheckpoint(directory);
    for (const path of Object.values(files())) expect(existsSync(path)).toBe(false);
  });

  test("a second one takes the place of the first", () => {
    write(files().terraform, "first");
    takeCheckpoint(directory);
    write(files().terraform, "second");
    takeCheckpoint(directory);
    write(files().terraform, "third");
    restoreCheckpoint(directory);
    expect(readFileSync(files().terraform, "utf8")).toBe("second");
  });
});

describe("recovery", () => {
  test("without a deployment that was cut off, nothing is done", async () => {
    write(files().terraform, "as it is");
    expect(await recoverDeployment(directory)).toBe(false);
    expect(readFileSync(files().terraform, "utf8")).toBe("as it is");
  });

  test("what is left of a deployment is ended before everything is put back", async () => {
    write(files().terraform, "before");
    takeCheckpoint(directory);
    write(directory.deploying, "");
    write(files().terraform, "half-done");
    const env = { [MARKS.deployment]: directory.path };
    const left = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"], { env, detached: true });
    const ended = once(left, "exit");

    expect(await recoverDeployment(directory)).toBe(true);
    await ended;
    expect(left.signalCode).toBe("SIGKILL");
    expect(readFileSync(files().terraform, "utf8")).toBe("before");
    expect(await recoverDeployment(directory)).toBe(false);
  });
});
