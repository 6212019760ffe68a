import { join, sep } from "node:path";
import TestRunner, { type Test, type TestRunnerOptions, type TestWatcher } from "jest-runner";
import { environmentDirectory } from "./directory";
import { showEmulatorLog } from "./emulator-log";

/** Folders whose files run alone, in this order. */
const ALONE = ["faults", "lifecycle"].map((folder) => join("e2e", folder) + sep);

/**
 * Runs the test files beside one another, as jest does, but those of e2e/faults and then those of e2e/lifecycle after all others, one at
 * a time and in the order of their names: the first take parts of the environment down for a while, the second change the deployment
 * that the others use, and the last one destroys it. Shows the emulator's last words when a test has failed.
 */
class SomeAlone extends TestRunner {
  override async runTests(tests: Test[], watcher: TestWatcher, options: TestRunnerOptions): Promise<void> {
    let failed = false;
    const unsubscribes = [
      this.on("test-file-success", ([, { numFailingTests, testExecError }]) => {
        failed ||= numFailingTests > 0 || testExecError !== undefined;
      }),
      this.on("test-file-failure", () => {
        failed = true;
      }),
    ];
    const rankOf = ({ path }: Test) => ALONE.findIndex((folder) => path.includes(folder));
    await super.runTests(
      tests.filter((test) => rankOf(test) === -1),
      watcher,
      options,
    );
    const alone = tests
      .filter((test) => rankOf(test) !== -1)
      .sort((left, right) => rankOf(left) - rankOf(right) || (left.path < right.path ? -1 : 1));
    await super.runTests(alone, watcher, { ...options, serial: true });
    for (const unsubscribe of unsubscribes) unsubscribe();
    if (failed) showEmulatorLog(environmentDirectory());
  }
}

export = SomeAlone;
