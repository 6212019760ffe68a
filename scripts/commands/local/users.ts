import {
  CognitoIdentityClient,
  GetCredentialsForIdentityCommand,
  GetIdCommand,
} from "@aws-sdk/client-cognito-identity";
import {
  AdminConfirmSignUpCommand,
  AdminGetUserCommand,
  AdminUpdateUserAttributesCommand,
  CognitoIdentityProviderClient,
  SignUpCommand,
  UserNotFoundException,
} from "@aws-sdk/client-cognito-identity-provider";
import { AuthenticationDetails, CognitoUser, CognitoUserPool } from "amazon-cognito-identity-js";
import type { Endpoints } from "./outputs";

/** The emulator's root user. Clients of the API need none; confirming a user without a mailbox does. */
const ROOT_CREDENTIALS = { accessKeyId: "test", secretAccessKey: "test" };

/** A user's e-mail address, which is the user name, and password. */
export interface Login {
  readonly email: string;
  readonly password: string;
}

/** What the user pool hands out at login. JWTs, but for the refresh token. */
export interface Tokens {
  /** What the to-do API and the identity pool take. */
  readonly idToken: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Temporary AWS credentials of one identity. */
export interface FolderCredentials {
  /** `<region>:<uuid>`: the name of the user's folder in the bucket. */
  readonly identityId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Administers the user pool, as the emulator's root user. */
export function userPoolAdmin({ endpoint, region }: Endpoints): CognitoIdentityProviderClient {
  return new CognitoIdentityProviderClient({ endpoint, region, credentials: ROOT_CREDENTIALS });
}

/**
 * Signs a user up as an app does, then confirms it as an administrator: the emulator sends no mail with a code.
 *
 * @throws UsernameExistsException of the AWS SDK when there is such a user
 */
export async function signUp(endpoints: Endpoints, { email, password }: Login): Promise<void> {
  const pool = userPoolAdmin(endpoints);
  try {
    await pool.send(
      new SignUpCommand({
        ClientId: endpoints.clientId,
        Username: email,
        Password: password,
        UserAttributes: [{ Name: "email", Value: email }],
      }),
    );
  } finally {
    pool.destroy();
  }
  await confirmUser(endpoints, email);
}

/**
 * Confirms a user and its e-mail address as an administrator. What was done before is not done again, as Cognito confirms a user
 * once.
 *
 * @returns whether the pool has such a user
 */
export async function confirmUser(endpoints: Endpoints, email: string): Promise<boolean> {
  const pool = userPoolAdmin(endpoints);
  const user = { UserPoolId: endpoints.userPoolId, Username: email };
  try {
    const { UserStatus, UserAttributes = [] } = await pool.send(new AdminGetUserCommand(user));
    if (UserStatus === "UNCONFIRMED") await pool.send(new AdminConfirmSignUpCommand(user));
    const verified = { Name: "email_verified", Value: "true" };
    if (!UserAttributes.some(({ Name, Value }) => Name === verified.Name && Value === verified.Value)) {
      await pool.send(new AdminUpdateUserAttributesCommand({ ...user, UserAttributes: [verified] }));
    }
    return true;
  } catch (error) {
    if (error instanceof UserNotFoundException) return false;
    throw error;
  } finally {
    pool.destroy();
  }
}

/**
 * Logs in by SRP: the password never leaves this machine.
 *
 * @throws the library's error, its `name` that of Cognito, e.g. `NotAuthorizedException`; Error when Cognito asks for more
 */
export function signIn(endpoints: Endpoints, { email, password }: Login): Promise<Tokens> {
  const { userPoolId: UserPoolId, clientId: ClientId, endpoint } = endpoints;
  const user = new CognitoUser({
    Username: email,
    Pool: new CognitoUserPool({ UserPoolId, ClientId, endpoint }),
  });
  return new Promise((done, failed) => {
    user.authenticateUser(new AuthenticationDetails({ Username: email, Password: password }), {
      onSuccess: (session) =>
        done({
          idToken: session.getIdToken().getJwtToken(),
          accessToken: session.getAccessToken().getJwtToken(),
          refreshToken: session.getRefreshToken().getToken(),
        }),
      onFailure: failed,
      totpRequired: () => failed(new Error(`${email}: Cognito asks for a one-time password`)),
      newPasswordRequired: () => failed(new Error(`${email}: Cognito asks for a new password`)),
    });
  });
}

/** Exchanges an ID token for the temporary AWS credentials of the user's identity. */
export async function folderCredentials(endpoints: Endpoints, idToken: string): Promise<FolderCredentials> {
  const { endpoint, region, userPoolId, identityPoolId } = endpoints;
  const Logins = { [`cognito-idp.${region}.amazonaws.com/${userPoolId}`]: idToken };
  // Both calls are unsigned: the token is the proof.
  const identities = new CognitoIdentityClient({ endpoint, region, credentials: ROOT_CREDENTIALS });
  try {
    const { IdentityId } = await identities.send(
      new GetIdCommand({ IdentityPoolId: identityPoolId, Logins }),
    );
    const { Credentials } = await identities.send(
      new GetCredentialsForIdentityCommand({ IdentityId, Logins }),
    );
    const { AccessKeyId, SecretKey, SessionToken } = Credentials ?? {};
    if (!IdentityId || !AccessKeyId || !SecretKey || !SessionToken) {
      throw new Error(`${identityPoolId}: the identity pool gave no credentials`);
    }
    return {
      identityId: IdentityId,
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretKey,
      sessionToken: SessionToken,
    };
  } finally {
    identities.destroy();
  }
}
