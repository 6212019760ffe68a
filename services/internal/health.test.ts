import { Health } from "./health";

test("a service without checks is ready", async () => {
  expect(await new Health().readiness()).toEqual({ ready: true, status: "ready", failing: [] });
});

test("it is not ready while a check has not passed, and names it without its words", async () => {
  const health = new Health({
    startChecks: {
      database: async () => {
        throw new Error("password wrong for ann");
      },
      cache: async () => undefined,
    },
  });
  expect(await health.readiness()).toEqual({ ready: false, status: "failing", failing: ["database"] });
});

test("it is not ready from the moment it drains, whatever the checks say", async () => {
  const health = new Health({ startChecks: { cache: async () => undefined } });
  const asked = health.readiness();
  health.drain();
  for (const readiness of [await asked, await health.readiness()]) {
    expect(readiness).toEqual({ ready: false, status: "draining", failing: [] });
  }
});

test("control 12: a check that hangs has failed in time, and is told to end", async () => {
  let ended = false;
  const health = new Health({
    checkTimeoutMilliseconds: 50,
    startChecks: {
      database: (signal) =>
        new Promise(() => {
          signal.addEventListener("abort", () => {
            ended = true;
          });
        }),
    },
  });
  const startedAt = performance.now();
  expect(await health.readiness()).toMatchObject({ ready: false, failing: ["database"] });
  expect(performance.now() - startedAt).toBeLessThan(500);
  expect(ended).toBe(true);
});

test("however many ask, a dependency is checked once for a while", async () => {
  let checks = 0;
  let now = 0;
  const health = new Health({
    cacheMilliseconds: 1000,
    now: () => now,
    startChecks: {
      database: async () => {
        checks += 1;
        if (checks === 1) throw new Error("away");
      },
    },
  });
  const answers = await Promise.all(Array.from({ length: 10 }, () => health.readiness()));
  expect(answers.map(({ ready }) => ready)).toEqual(Array(10).fill(false));
  now = 999;
  expect((await health.readiness()).ready).toBe(false);
  expect(checks).toBe(1);
  now = 1000;
  expect((await health.readiness()).ready).toBe(true);
  expect(checks).toBe(2);
});

test("what has been there once is not asked any more: to replace all tasks brings no database back", async () => {
  let away = true;
  let checks = 0;
  const health = new Health({
    cacheMilliseconds: 0,
    startChecks: {
      database: async () => {
        checks += 1;
        if (away) throw new Error("away");
      },
    },
  });
  expect((await health.readiness()).ready).toBe(false);
  away = false;
  expect((await health.readiness()).ready).toBe(true);
  away = true;
  expect((await health.readiness()).ready).toBe(true);
  expect(checks).toBe(2);
});
