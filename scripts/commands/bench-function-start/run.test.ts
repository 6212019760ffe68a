import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Surroundings, startOnce } from "./run";

let folder: string;
let surroundings: Surroundings;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "function-start-"));
  surroundings = await Surroundings.start();
});

afterAll(() => {
  surroundings.close();
  rmSync(folder, { recursive: true });
});

/** Starts a function of this source. */
function start(name: string, source: string) {
  const file = join(folder, name);
  writeFileSync(file, source);
  return startOnce(file, surroundings, false);
}

test.each([
  ["CommonJS", "ok.js", "exports.handler = async () => ({ statusCode: 204 });"],
  ["an ES module", "ok.mjs", "export const handler = async () => ({ statusCode: 204 });"],
])("a function in %s is started, called and ended", async (_case, name, source) => {
  const { startMilliseconds, firstAnswerMilliseconds } = await start(name, source);
  expect(startMilliseconds).toBeGreaterThan(0);
  expect(firstAnswerMilliseconds).toBeGreaterThan(startMilliseconds);
});

test("a function that does not load is an error with what it wrote", async () => {
  await expect(start("broken.js", 'throw new Error("no table");')).rejects.toThrow("no table");
});

test("a function that answers an error does not count", async () => {
  const source = "exports.handler = async () => ({ statusCode: 500 });";
  await expect(start("failing.js", source)).rejects.toThrow('failing.js answered {"statusCode":500}');
});
