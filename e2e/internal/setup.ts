/**
 * Brings up an environment for one run of jest. Jest calls the teardown only when the set-up succeeded and nobody interrupted
 * it, so this also removes the environment in both of these cases, and what an earlier run that was killed has left.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { reset } from "../../scripts/commands/local/down";
import { status } from "../../scripts/commands/local/status";
import { CommandError, EXIT } from "../../scripts/internal/cli";
import { enterTestFolder, leaveTestFolder } from "../../scripts/internal/jest/test-folder";
import { DIRECTORY_VARIABLE, environmentDirectory, leftDirectories, ownDirectory } from "./directory";
import { showEmulatorLog } from "./emulator-log";

export = async function setUp(): Promise<void> {
  enterTestFolder();
  try {
    await bringUp();
  } catch (error) {
    leaveTestFolder();
    throw error;
  }
};

async function bringUp(): Promise<void> {
  // Known, and nothing that a developer can act upon: the Node.js of Lambda is the one to follow.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
  if (process.env[DIRECTORY_VARIABLE]) return await expectUp();
  for (const left of leftDirectories()) await reset(left);

  const directory = ownDirectory();
  process.env[DIRECTORY_VARIABLE] = directory.path;
  // The command itself: a process of its own can be interrupted at any moment.
  const up = spawn(join(directory.root, "scripts", "local"), ["--directory", directory.path, "up"], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = once(up, "exit");
  let interrupted = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => {
      interrupted = true;
      up.kill(signal);
      void ended
        .then(() => reset(directory))
        .finally(() => leaveTestFolder())
        .finally(() => process.exit(EXIT.interrupted));
    });
  }

  const [code] = await ended;
  if (interrupted) await new Promise(() => undefined); // Until the environment is removed and the process ends.
  if (code === 0) return;
  showEmulatorLog(directory);
  await reset(directory);
  throw new CommandError("scripts/local up", `ended with code ${code}`, "its error is shown above");
}

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
