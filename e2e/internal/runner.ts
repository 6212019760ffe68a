import { join, sep } from "node:path";
import TestRunner, { type Test, type TestRunnerOptions, type TestWatcher } from "jest-runner";
import { environmentDirectory } from "./directory";
import { showEmulatorLog } from "./emulator-log";

const LIFECYCLE = join("e2e", "lifecycle") + sep;

/**
 * Runs the test files beside one another, as jest does, but those of e2e/lifecycle after all others, one at a time and in the
 * order of their names: they change the deployment that the others use, and the last one destroys it. Shows the emulator's
 * last words when a test has failed.
 */
class LifecycleLast extends TestRunner {
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
    const isLast = ({ path }: Test) => path.includes(LIFECYCLE);
    const first = tests.filter((test) => !isLast(test));
    await super.runTests(first, watcher, options);
    const last = tests.filter(isLast).sort((left, right) => (left.path < right.path ? -1 : 1));
    await super.runTests(last, watcher, { ...options, serial: true });
    for (const unsubscribe of unsubscribes) unsubscribe();
    if (failed) showEmulatorLog(environmentDirectory());
  }
}

export = LifecycleLast;
