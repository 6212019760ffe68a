import { randomBytes, randomUUID } from "node:crypto";
import { AdminAddUserToGroupCommand } from "@aws-sdk/client-cognito-identity-provider";
import {
  type FolderCredentials,
  folderCredentials,
  type Login,
  signIn,
  signUp,
  type Tokens,
  userPoolAdmin,
} from "../../scripts/commands/local/users";
import { endpoints } from "./environment";
import { claimsOf } from "./jwt";

/** A user of one test file's own: signed up, confirmed, logged in. */
export interface TestUser extends Login, Tokens {
  /** The user's id in the pool: the token's `sub`. */
  readonly sub: string;
  /** Temporary AWS credentials of the user's identity; fetched at the first call. */
  credentials(): Promise<FolderCredentials>;
}

/** An e-mail address and a good password that no other test has. */
export function newLogin(): Login {
  // One of each kind of character that the password policy asks for.
  return { email: `${randomUUID()}@example.com`, password: `${randomBytes(15).toString("base64url")}aA1!` };
}

/** Signs a new user up, confirms it and logs it in by SRP. @param groups of the pool that the user is in. @default none */
export async function newUser(groups: readonly string[] = []): Promise<TestUser> {
  const login = newLogin();
  await signUp(endpoints(), login);
  for (const group of groups) await addToGroup(login, group);
  const tokens = await signIn(endpoints(), login);
  let credentials: Promise<FolderCredentials> | undefined;
  return {
    ...login,
    ...tokens,
    sub: String(claimsOf(tokens.idToken)["sub"]),
    credentials: () => {
      credentials ??= folderCredentials(endpoints(), tokens.idToken);
      return credentials;
    },
  };
}

async function addToGroup({ email }: Login, GroupName: string): Promise<void> {
  const pool = userPoolAdmin(endpoints());
  const user = { UserPoolId: endpoints().userPoolId, Username: email };
  await pool.send(new AdminAddUserToGroupCommand({ ...user, GroupName }));
  pool.destroy();
}
