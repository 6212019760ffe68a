const { availableParallelism } = require("node:os");

/** Unit tests beside the code. The end-to-end tests have their own configuration, jest.e2e.config.js. */
module.exports = {
  testEnvironment: "node",
  // More than there are cores: many tests wait for processes and servers of their own.
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
  testMatch: ["<rootDir>/{envs,modules,functions,runtime,services,scripts}/**/*.test.ts"],
  modulePathIgnorePatterns: ["<rootDir>/(\\.build|\\.local|cdktf\\.out)/"],
  transform: {
    "^.+\\.[jt]s$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" } }],
  },
  transformIgnorePatterns: ["/node_modules/"],
  globalSetup: "<rootDir>/scripts/internal/jest/setup.ts",
  globalTeardown: "<rootDir>/scripts/internal/jest/teardown.ts",
  setupFilesAfterEnv: ["<rootDir>/jest.setup.js"],
  collectCoverageFrom: [
    "envs/**/*.ts",
    "modules/**/*.ts",
    "functions/**/*.ts",
    "runtime/**/*.ts",
    "services/**/*.ts",
    "scripts/**/*.ts",
    "!**/*.test.ts",
    "!**/generated/**",
  ],
};
