/**
 * Loads a handler from a file and invokes it as its parent says, one event after the other: a process of its own, as Lambda has for a function.
 * What the handler logs is not read.
 */
import { createRequire } from "node:module";
import type { Invocation, Invoked } from "./worker";

const [, , file = "", name = ""] = process.argv;
const load = createRequire(file);
const handler = load(file)[name] as (event: unknown, context: object) => Promise<unknown>;
const context = { getRemainingTimeInMillis: () => 900_000 };

process.on("message", async ({ events }: Invocation) => {
  try {
    const before = process.cpuUsage();
    const startedAt = performance.now();
    const answers: unknown[] = [];
    for (const event of events) answers.push(await handler(event, context));
    const milliseconds = performance.now() - startedAt;
    const { user, system } = process.cpuUsage(before);
    const peakBytes = process.resourceUsage().maxRSS * 1024;
    const invoked: Invoked = { answers, milliseconds, cpuMicroseconds: user + system, peakBytes };
    process.send?.(invoked);
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
});
process.send?.("ready");
