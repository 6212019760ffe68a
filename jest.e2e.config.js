const unit = require("./jest.config.js");

/**
 * End-to-end tests against a local environment that is deployed for them and removed afterwards. With E2E_DIRECTORY set, they
 * use the one that `scripts/local --directory "$E2E_DIRECTORY" up` has brought up, and leave it as it is.
 */
module.exports = {
  testEnvironment: "node",
  testMatch: ["<rootDir>/e2e/**/*.test.ts"],
  modulePathIgnorePatterns: unit.modulePathIgnorePatterns,
  transform: unit.transform,
  transformIgnorePatterns: unit.transformIgnorePatterns,
  globalSetup: "<rootDir>/e2e/internal/setup.ts",
  globalTeardown: "<rootDir>/e2e/internal/teardown.ts",
  runner: "<rootDir>/e2e/internal/runner.ts",
  maxWorkers: 2,
  testTimeout: 60_000,
};
