/** The sample user of a real user pool, whose sign-up is cut off at each of its steps. */
import { readdirSync } from "node:fs";
import {
  AdminConfirmSignUpCommand,
  AdminGetUserCommand,
  type CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  SignUpCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { readJson, writeJson } from "../../internal/json-file";
import { startTemporaryEmulator, type TemporaryEmulator } from "../../internal/temporary-emulator";
import type { Exchange } from "./exchange";
import type { Endpoints } from "./outputs";
import { ensureSampleUser, SAMPLE_EMAIL, type SampleUser } from "./sample";
import { ACCOUNT } from "./settings";
import { signIn, userPoolAdmin } from "./users";

let emulator: TemporaryEmulator;
let pool: CognitoIdentityProviderClient;
let endpoints: Endpoints;
let exchanges: Exchange[];

beforeAll(async () => {
  emulator = await startTemporaryEmulator("sample");
  const none = {
    apiUrl: "",
    identityPoolId: "",
    hostedDomainUrl: "",
    bucket: "",
    userPoolId: "",
    clientId: "",
  };
  endpoints = { endpoint: emulator.endpoint, region: ACCOUNT.region, ...none };
  pool = userPoolAdmin(endpoints);
}, 300_000);

/** Each test has a pool of its own. */
beforeEach(async () => {
  exchanges = [];
  const { UserPool } = await pool.send(
    new CreateUserPoolCommand({ PoolName: "users", UsernameAttributes: ["email"] }),
  );
  const userPoolId = UserPool?.Id ?? "";
  const { UserPoolClient } = await pool.send(
    new CreateUserPoolClientCommand({
      UserPoolId: userPoolId,
      ClientName: "app",
      ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    }),
  );
  endpoints = { ...endpoints, userPoolId, clientId: UserPoolClient?.ClientId ?? "" };
});

afterAll(async () => {
  pool.destroy();
  await emulator?.stop();
});

function ensure(email = SAMPLE_EMAIL): Promise<SampleUser> {
  return ensureSampleUser(emulator.directory, endpoints, email, (exchange) => exchanges.push(exchange));
}

/** What was there when the sign-up was cut off. */
async function leave(...steps: ("password" | "sign-up" | "confirmation")[]): Promise<SampleUser> {
  const { userPoolId: UserPoolId, clientId: ClientId } = endpoints;
  const user = { userPoolId: UserPoolId, email: "sample@example.com", password: "A-long-passw0rd!" };
  const { email: Username, password: Password } = user;
  const UserAttributes = [{ Name: "email", Value: Username }];
  if (steps.includes("password")) writeJson(emulator.directory.sampleUser, user);
  if (steps.includes("sign-up"))
    await pool.send(new SignUpCommand({ ClientId, Username, Password, UserAttributes }));
  if (steps.includes("confirmation"))
    await pool.send(new AdminConfirmSignUpCommand({ UserPoolId, Username }));
  return user;
}

async function expectReady(user: SampleUser): Promise<void> {
  const { UserStatus, UserAttributes } = await pool.send(
    new AdminGetUserCommand({ UserPoolId: user.userPoolId, Username: user.email }),
  );
  expect(UserStatus).toBe("CONFIRMED");
  expect(UserAttributes).toContainEqual({ Name: "email_verified", Value: "true" });
  expect((await signIn(endpoints, user)).idToken).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
}

test("a new pool gets the sample user, whose password is kept", async () => {
  const user = await ensure();
  await expectReady(user);
  expect(readJson(emulator.directory.sampleUser)).toEqual(user);
  expect(exchanges).toEqual([
    {
      request: "Cognito user pool: sign up sample@example.com, confirm as administrator",
      answer: "confirmed",
    },
  ]);
});

test("a second time nothing is done", async () => {
  const user = await ensure();
  exchanges = [];
  expect(await ensure()).toEqual(user);
  expect(exchanges).toEqual([]);
});

test("another user has an account and a password of its own, kept beside the sample user's", async () => {
  const sample = await ensure();
  const other = await ensure("other/one@example.com");
  await expectReady(other);
  expect(other).toMatchObject({ email: "other/one@example.com", userPoolId: sample.userPoolId });
  expect(other.password).not.toBe(sample.password);
  expect(await ensure("other/one@example.com")).toEqual(other);
  expect(await ensure()).toEqual(sample);
  expect(readdirSync(emulator.directory.otherUsers)).toEqual(["other%2Fone%40example.com.json"]);
});

test.each([
  ["before the sign-up", ["password"]],
  ["before the confirmation", ["password", "sign-up"]],
  ["before the address was verified", ["password", "sign-up", "confirmation"]],
] as const)("cut off %s, it is finished with the same password", async (_, steps) => {
  const user = await leave(...steps);
  expect(await ensure()).toEqual(user);
  await expectReady(user);
});
