/** Unit tests beside the code. The end-to-end tests have their own configuration, jest.e2e.config.js. */
module.exports = {
  testEnvironment: "node",
  // Jest would leave a core to a person at work; tests are what the machine is for here.
  maxWorkers: "100%",
  testMatch: [
    "<rootDir>/{envs,modules,functions,runtime,services,scripts}/**/*.test.ts",
    "<rootDir>/clients/js/src/*.test.ts",
  ],
  modulePathIgnorePatterns: ["<rootDir>/(\\.build|\\.local|cdktf\\.out)/"],
  transform: {
    "^.+\\.[jt]s$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" } }],
  },
  transformIgnorePatterns: ["/node_modules/"],
  globalSetup: "<rootDir>/scripts/internal/jest/setup.ts",
  globalTeardown: "<rootDir>/scripts/internal/jest/teardown.ts",
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
