/**
 * Brings up an environment for one run of jest. Jest calls the teardown only when the set-up succeeded and nobody interrupted
 * it, so this also removes the environment in both of these cases, and what an earlier run that was killed has left.
 *
 * @module
 */

import { reset } from "../../scripts/commands/local/down";
import { status } from "../../scripts/commands/local/status";
import { up } from "../../scripts/commands/local/up";
import { CommandError, EXIT } from "../../scripts/internal/cli";
import { DIRECTORY_VARIABLE, environmentDirectory, leftDirectories, ownDirectory } from "./directory";
import { showEmulatorLog } from "./emulator-log";

export = async function setUp(): Promise<void> {
  // Known, and nothing that a developer can act upon: the Node.js of Lambda is the one to follow.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
  if (process.env[DIRECTORY_VARIABLE]) return await expectUp();
  for (const left of leftDirectories()) await reset(left);

  const directory = ownDirectory();
  process.env[DIRECTORY_VARIABLE] = directory.path;
  try {
    await up(directory, { withoutTour: true });
  } catch (error) {
    showEmulatorLog(directory);
    await reset(directory);
    throw error;
  }
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => void reset(directory).finally(() => process.exit(EXIT.interrupted)));
  }
};

async function expectUp(): Promise<void> {
  const directory = environmentDirectory();
  const { state, deploying } = await status(directory);
  if (state === "up" && !deploying) return;
  throw new CommandError(
    DIRECTORY_VARIABLE,
    `no environment is up in ${directory.path}`,
    `scripts/local --directory ${directory.path} up brings it up`,
  );
}
