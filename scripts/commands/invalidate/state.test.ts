import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closeRun, openRun, RESUMABLE_MILLISECONDS, recordInvalidation, statePath } from "./state";

const KEY = { distributionId: "E1", paths: ["/a", "/b/*"] };
const NOW = Date.parse("2026-03-01T12:00:00Z");
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "state-"));
  path = statePath(folder, KEY);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test("a new run is recorded before anything is sent", () => {
  const run = openRun(path, KEY, NOW, () => "first");
  expect(run).toEqual({
    distributionId: "E1",
    reference: "first",
    startedAt: "2026-03-01T12:00:00.000Z",
    invalidations: {},
  });
  expect(openRun(path, KEY, NOW, () => "second")).toEqual(run);
});

test("a run that was cut off goes on with its name and what it has made", () => {
  const run = openRun(path, KEY, NOW, () => "first");
  recordInvalidation(path, run, "c1", "I1");
  const resumed = openRun(path, KEY, NOW + RESUMABLE_MILLISECONDS - 1, () => "second");
  expect(resumed).toEqual({ ...run, invalidations: { c1: "I1" } });
});

test("after an hour a run that nothing names begins anew", () => {
  recordInvalidation(
    path,
    openRun(path, KEY, NOW, () => "first"),
    "c1",
    "I1",
  );
  const later = openRun(path, KEY, NOW + RESUMABLE_MILLISECONDS, () => "second");
  expect(later).toMatchObject({ reference: "second", invalidations: {} });
});

test("the run of a named release goes on after any time", () => {
  const key = { ...KEY, reference: "v1" };
  const named = statePath(folder, key);
  recordInvalidation(
    named,
    openRun(named, key, NOW, () => "unused"),
    "c1",
    "I1",
  );
  const later = openRun(named, key, NOW + 100 * RESUMABLE_MILLISECONDS, () => "unused");
  expect(later).toMatchObject({ reference: "v1", invalidations: { c1: "I1" } });
});

test("a finished run leaves nothing", () => {
  openRun(path, KEY, NOW, () => "first");
  closeRun(path);
  expect(existsSync(path)).toBe(false);
  expect(openRun(path, KEY, NOW, () => "second").reference).toBe("second");
});

test.each([
  ["another distribution", { ...KEY, distributionId: "E2" }],
  ["other paths", { ...KEY, paths: ["/a"] }],
  ["another reference", { ...KEY, reference: "v1" }],
])("%s is another run", (_case, key) => {
  expect(statePath(folder, key)).not.toBe(path);
});
