import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeJson } from "../../internal/json-file";
import { identifyProcess } from "../../internal/process-identity";
import { type LocalDirectory, localDirectory } from "./directory";
import { status } from "./status";

let directory: LocalDirectory;

beforeEach(() => {
  directory = localDirectory("/project", mkdtempSync(join(tmpdir(), "status-")));
});

afterEach(() => rmSync(directory.path, { recursive: true }));

test("nothing runs: nothing is wrong", async () => {
  expect(await status(directory)).toMatchObject({ state: "down", problems: [] });
});

test("the emulator has ended and the rest runs on: that is told, and what mends it", async () => {
  writeJson(directory.edgeRecord, { process: identifyProcess(process.pid), port: 4567, fingerprint: "" });
  expect(await status(directory)).toMatchObject({
    state: "down",
    downloadsUrl: "http://127.0.0.1:4567",
    problems: ["not running: the emulator; scripts/local up brings it back"],
  });
});
