import { reset } from "../../scripts/commands/local/down";
import { environmentDirectory, ownDirectory } from "./directory";

/** Ends and removes the environment, unless a developer has brought it up. */
export = async function tearDown(): Promise<void> {
  const directory = environmentDirectory();
  if (directory.path === ownDirectory().path) await reset(directory);
};
