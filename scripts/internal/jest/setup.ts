import { enterTestFolder } from "./test-folder";

/** What jest does before the first unit test. */
export = async function setUp(): Promise<void> {
  enterTestFolder();
};
