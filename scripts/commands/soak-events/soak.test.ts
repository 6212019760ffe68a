import { resolve } from "node:path";
import { Surroundings } from "../bench-events/surroundings";
import { soak } from "./soak";

test("control 9: however often relays and projectors are killed, every order is in the view once, and none is lost", async () => {
  const surroundings = new Surroundings(resolve(__dirname, "..", "..", ".."));
  try {
    const report = await soak(surroundings, {
      ...{ orders: 200, seed: 5, killMilliseconds: 500, pauseMilliseconds: 100, quiet: true },
    });
    expect(report.violations).toEqual([]);
    expect(report.orders).toBe(200);
    expect(report.events).toBe(200 + report.cancelled);
    // Else nothing is shown.
    expect(report.relayKills).toBeGreaterThan(0);
    expect(report.projectorKills).toBeGreaterThan(0);
    expect(report.deliveredAgain).toBeGreaterThan(0);
  } finally {
    await surroundings.end();
  }
}, 120_000);
