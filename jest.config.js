/** Unit tests beside the code. The end-to-end tests have their own configuration, jest.e2e.config.js. */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/envs", "<rootDir>/modules", "<rootDir>/functions", "<rootDir>/scripts"],
  testMatch: ["**/*.test.ts"],
  transform: {
    "^.+\\.[jt]s$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" } }],
  },
  transformIgnorePatterns: ["/node_modules/"],
  setupFilesAfterEnv: ["<rootDir>/jest.setup.js"],
  collectCoverageFrom: [
    "envs/**/*.ts",
    "modules/**/*.ts",
    "functions/**/*.ts",
    "!**/*.test.ts",
    "!**/generated/**",
  ],
};
