import { brokenOff, describeReplay } from "./explain";
import type { RebuildPlan, RebuildResult } from "./request";
import { describeRebuild } from "./show";

const plan: RebuildPlan = {
  ...{ environment: "envs/prod", action: "would-begin", serving: 1, generation: 2 },
  ...{ replay: null, replayState: null, waiting: 0, failed: 0 },
  archive: { events: 1200, since: "2026-01-01T00:00:00.000Z", retentionDays: 365 },
};
const result: RebuildResult = {
  ...{ environment: "envs/prod", action: "rebuilt", serving: 2, left: 1, failed: 0 },
  ...{ ends: "2026-12-02T12:00:00.000Z", replay: "acme-prod-shop-2-t5abcd" },
  comparison: { serving: 500, built: 502, same: 498, ahead: 4, behind: 0, missing: 0 },
};

test.each<[string, RebuildPlan | RebuildResult, string[]]>([
  [
    "a plan",
    plan,
    [
      "Generation 1 of the order history serves.",
      "Generation 2 would be built from the archive, and then serve.",
      "The archive has about 1200 events since 2026-01-01T00:00:00.000Z, each kept for 365 days.",
      "Replayed events that wait: about 0; in the dead-letter queue: about 0.",
    ],
  ],
  [
    "a plan to go on",
    { ...plan, action: "would-go-on", replay: "acme-prod-shop-2-t5abcd", replayState: "RUNNING", waiting: 7 },
    [
      "Generation 1 of the order history serves.",
      "Generation 2 is being built: this would go on with it. Replay acme-prod-shop-2-t5abcd: RUNNING.",
      "The archive has about 1200 events since 2026-01-01T00:00:00.000Z, each kept for 365 days.",
      "Replayed events that wait: about 7; in the dead-letter queue: about 0.",
    ],
  ],
  [
    "a rebuild",
    { ...result, carriedOver: 3, failed: 2 },
    [
      "Generation 2 has 502 orders, generation 1 500: 498 as far, 4 further, 0 not as far, 0 missing.",
      "Carried over from generation 1: 3 orders.",
      "In the dead-letter queue of replayed events: about 2.",
      "Generation 2 of the order history serves; the orders of generation 1 end after 2026-12-02T12:00:00.000Z.",
    ],
  ],
  [
    "one that was given up",
    { environment: "envs/prod", action: "aborted", serving: 1, left: 2, ends: "2026-12-02T12:00:00.000Z" },
    [
      "Generation 2 was given up.",
      "Generation 1 of the order history serves; the orders of generation 2 end after 2026-12-02T12:00:00.000Z.",
    ],
  ],
])("%s is told in sentences", (_what, told, lines) => {
  expect(describeRebuild(told).split("\n")).toEqual(lines);
});

test.each([
  ["that EventBridge does not know yet", undefined, "r: STARTING"],
  ["that has told nothing yet", { state: "RUNNING", from: 0, to: 100 }, "r: RUNNING"],
  ["half done", { state: "RUNNING", from: 1000, to: 2000, reached: 1500 }, "r: RUNNING, 50 % of its time"],
])("a replay %s", (_what, replay, text) => {
  expect(describeReplay("r", replay)).toBe(text);
});

test("a replay that failed says why, and what to do", () => {
  expect(
    brokenOff("envs/prod", "r", { state: "FAILED", reason: "the rule is gone", from: 0, to: 1 }).message,
  ).toBe(
    "replay r: has ended as FAILED: the rule is gone; scripts/rebuild-view envs/prod --abort, then begin anew",
  );
});
