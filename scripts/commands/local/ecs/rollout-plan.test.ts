import { planRollout, type RolloutLimits } from "./rollout-plan";

/** `N` a healthy task of the new revision, `n` one that starts; `O` and `o` the same of the old one. */
const task = (letter: string) => ({
  letter,
  current: letter.toLowerCase() === "n",
  healthy: letter === letter.toUpperCase(),
});

function plan(tasks: string, limits: Partial<RolloutLimits> & { desired: number }, mayStart = true): string {
  const { start, stop } = planRollout(
    [...tasks].map(task),
    { minimumHealthyPercent: 100, maximumPercent: 200, ...limits },
    mayStart,
  );
  return `start ${start}, stop ${stop.map(({ letter }) => letter).join("") || "none"}`;
}

describe("control 34: minimum healthy 100 %, maximum 200 %", () => {
  test.each([
    ["a new service", "", 2, "start 2, stop none"],
    ["as it should be", "NN", 2, "start 0, stop none"],
    ["a change begins: new ones first", "OO", 2, "start 2, stop none"],
    ["new ones start", "OOnn", 2, "start 0, stop none"],
    ["the first new one is healthy", "OONn", 2, "start 0, stop O"],
    ["one old one is gone", "ONn", 2, "start 0, stop none"],
    ["both are healthy", "ONN", 2, "start 0, stop O"],
    ["an old one crashed meanwhile: no other of it is started", "Onn", 2, "start 0, stop none"],
    ["an old one that takes no requests goes at once", "oOnn", 2, "start 0, stop o"],
    ["a task was killed", "N", 2, "start 1, stop none"],
    ["scaled out", "NN", 4, "start 2, stop none"],
    ["scaled in: what takes no requests goes first, then the newest", "NNnN", 2, "start 0, stop nN"],
    ["scaled to none", "NN", 0, "start 0, stop NN"],
    ["scaled to none during a change", "On", 0, "start 0, stop nO"],
    ["one task alone", "O", 1, "start 1, stop none"],
  ])("%s", (_, tasks, desired, expected) => {
    expect(plan(tasks, { desired })).toBe(expected);
  });
});

test.each([
  ["a maximum of 150 % of 2: one more", "OO", { desired: 2, maximumPercent: 150 }, "start 1, stop none"],
  [
    "no minimum: an old one makes room",
    "O",
    { desired: 1, minimumHealthyPercent: 0, maximumPercent: 100 },
    "start 1, stop O",
  ],
  [
    "half must stay",
    "OOOO",
    { desired: 4, minimumHealthyPercent: 50, maximumPercent: 100 },
    "start 2, stop OO",
  ],
] as const)("%s", (_, tasks, limits, expected) => {
  expect(plan(tasks, limits)).toBe(expected);
});

test("after failures nothing is started, and what is healthy stays", () => {
  expect(plan("OO", { desired: 2 }, false)).toBe("start 0, stop none");
  expect(plan("", { desired: 2 }, false)).toBe("start 0, stop none");
  expect(plan("OON", { desired: 2 }, false)).toBe("start 0, stop none");
});

test("at no step of any change are fewer healthy than desired, or more than twice as many there", () => {
  for (let desired = 1; desired <= 4; desired++) {
    let tasks = "O".repeat(desired);
    for (let step = 0; tasks !== "N".repeat(desired) && step < 50; step++) {
      const { start, stop } = planRollout([...tasks].map(task), {
        desired,
        minimumHealthyPercent: 100,
        maximumPercent: 200,
      });
      for (const { letter } of stop) tasks = tasks.replace(letter, "");
      tasks += "n".repeat(start);
      expect([...tasks].filter((letter) => letter === letter.toUpperCase()).length).toBeGreaterThanOrEqual(
        desired,
      );
      expect(tasks.length).toBeLessThanOrEqual(2 * desired);
      // One more becomes healthy between two steps.
      if (stop.length === 0 && start === 0) tasks = tasks.replace("n", "N");
    }
    expect(tasks).toBe("N".repeat(desired));
  }
});
