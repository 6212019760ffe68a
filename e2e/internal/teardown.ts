import { reset } from "../../scripts/commands/local/down";
import { leaveTestFolder } from "../../scripts/internal/jest/test-folder";
import { environmentDirectory, ownDirectory } from "./directory";

/** Ends and removes the environment, unless a developer has brought it up, and the run's temporary folder. */
export = async function tearDown(): Promise<void> {
  const directory = environmentDirectory();
  if (directory.path === ownDirectory().path) await reset(directory);
  leaveTestFolder();
};
