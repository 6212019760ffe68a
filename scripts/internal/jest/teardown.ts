import { leaveTestFolder } from "./test-folder";

/** What jest does after the last unit test. */
export = async function tearDown(): Promise<void> {
  leaveTestFolder();
};
