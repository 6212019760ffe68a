import { environments } from ".";
import { loadEnvironments } from "./load";
import type { EnvironmentInput } from "./spec";
import { errorsOf, prodWith } from "./specification-fixture";

test("the environments of the project are right", () => {
  expect(errorsOf(environments)).toEqual([]);
});

test("defaults are filled in", () => {
  const [spec] = loadEnvironments({ dev: environments["dev"] as EnvironmentInput });
  expect(spec?.todo?.auth.mfa).toBe("optional");
});

test("unless it is said otherwise, version 1 of the API is served", () => {
  const [spec] = loadEnvironments({ prod: prodWith("todo.api.versions", undefined) });
  expect(spec?.todo?.api.versions).toEqual({ v1: {} });
});

test("threat protection warns users by mail, so it needs a sender", () => {
  const staging = structuredClone(environments["staging"]) as { todo: { auth: object } };
  Object.assign(staging.todo.auth, { threatProtection: "enforced" });
  expect(errorsOf({ staging: staging as unknown as EnvironmentInput })).toEqual([
    'envs/staging: todo.auth.sesIdentityArn must be set when threatProtection is "enforced": Cognito warns users by mail, got undefined',
  ]);
});

test("every error of every environment is reported at once", () => {
  const errors = errorsOf({
    dev: { ...(environments["dev"] as EnvironmentInput), owner: "" },
    prod: { ...prodWith("account.id", "1"), alarmEmails: ["x"], tier: "gold" as "production" },
  });
  expect(errors).toEqual([
    'envs/dev: owner must have 1 or more characters, got ""',
    'envs/prod: tier must be one of "development", "production", got "gold"',
    'envs/prod: account.id must be an account id of 12 digits, got "1"',
    'envs/prod: alarmEmails.0 must be an e-mail address, got "x"',
  ]);
});
