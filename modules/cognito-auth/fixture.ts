import { type Synthesised, synthesise, testLabel } from "../internal/synth-test";
import { CognitoAuth, type CognitoAuthConfig } from ".";

/** The least configuration, for the tests of this package. */
export const leastConfig: CognitoAuthConfig = {
  label: testLabel,
  mfa: "optional",
  threatProtection: "off",
  callbackUrls: ["acme://signed-in"],
  logoutUrls: ["acme://signed-out"],
  alarmTopicArn: "arn:aws:sns:eu-west-1:111111111111:alarms",
  deletionProtection: true,
};

/** Synthesises the module with the least configuration and `changes`. */
export function synthesiseAuth(changes: Partial<CognitoAuthConfig> = {}): Synthesised {
  return synthesise((stack) => {
    new CognitoAuth(stack, "auth", { ...leastConfig, ...changes });
  });
}
