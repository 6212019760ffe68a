import { describeError } from "../../runtime";
import { createLogger } from "./logger";

/**
 * Runs what starts a service. What is wrong, such as a variable that is missing, is said in one line of the log, and the process ends with
 * 1: Node.js would print the line of the bundle in which it was found, which is most of the bundle.
 *
 * @param start reads the environment, connects, and serves
 */
export async function startUp(start: () => Promise<unknown>): Promise<void> {
  try {
    await start();
  } catch (error) {
    const logger = createLogger({ service: process.env["SERVICE_NAME"] ?? "unnamed", level: "ERROR" });
    // With its message: nothing of a user is in it yet.
    logger.error("not started", { reason: String(error), cause: describeError(error) });
    process.exitCode = 1;
    // What was begun, such as a pool or a timer, would keep the process.
    process.stdout.write("", () => process.exit());
  }
}
