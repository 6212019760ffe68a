import {
  AssociateSoftwareTokenCommand,
  CognitoIdentityProviderClient,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  DescribeUserPoolCommand,
  ForgotPasswordCommand,
  InitiateAuthCommand,
  RevokeTokenCommand,
  SetUserMFAPreferenceCommand,
  SignUpCommand,
  VerifySoftwareTokenCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { AuthenticationDetails, CognitoUser, CognitoUserPool } from "amazon-cognito-identity-js";
import { type Login, signIn } from "../scripts/commands/local/users";
import { todoApi } from "./internal/api";
import { administratorConfig, endpoints } from "./internal/environment";
import { claimsOf } from "./internal/jwt";
import { mailedCode } from "./internal/mailbox";
import { totp } from "./internal/totp";
import { newLogin, newUser } from "./internal/users";

let pool: CognitoIdentityProviderClient;

beforeAll(() => {
  // The calls of this file are those of an app; Cognito asks no signature of them.
  pool = new CognitoIdentityProviderClient(administratorConfig());
});

afterAll(() => pool.destroy());

function signUp({ email, password }: Login) {
  return pool.send(
    new SignUpCommand({
      ClientId: endpoints().clientId,
      Username: email,
      Password: password,
      UserAttributes: [{ Name: "email", Value: email }],
    }),
  );
}

function confirm(email: string, code: string) {
  return pool.send(
    new ConfirmSignUpCommand({ ClientId: endpoints().clientId, Username: email, ConfirmationCode: code }),
  );
}

function refresh(refreshToken: string) {
  return pool.send(
    new InitiateAuthCommand({
      ClientId: endpoints().clientId,
      AuthFlow: "REFRESH_TOKEN_AUTH",
      AuthParameters: { REFRESH_TOKEN: refreshToken },
    }),
  );
}

/** A code that is not the given one. */
function otherThan(code: string): string {
  return String((Number(code) + 1) % 1_000_000).padStart(6, "0");
}

describe("sign-up", () => {
  test.each([
    ["too short", "Sh0rt!aaaaa"],
    ["without an upper-case letter", "lower-case-0nly!"],
    ["without a lower-case letter", "UPPER-CASE-0NLY!"],
    ["without a digit", "No-digits-here!"],
    ["without a symbol", "NoSymbolsHere123"],
  ])("a password %s is refused", async (_case, password) => {
    await expect(signUp({ ...newLogin(), password })).rejects.toMatchObject({
      name: "InvalidPasswordException",
    });
  });

  test("an address is taken once", async () => {
    const login = newLogin();
    await signUp(login);
    await expect(signUp(login)).rejects.toMatchObject({ name: "UsernameExistsException" });
  });

  // The emulator tells the cases apart all the same: docs/local-differences.md.
  test("the pool does not tell upper from lower case in addresses", async () => {
    const { UserPool } = await pool.send(new DescribeUserPoolCommand({ UserPoolId: endpoints().userPoolId }));
    expect(UserPool?.UsernameConfiguration).toEqual({ CaseSensitive: false });
  });

  test("the mailed code confirms the user, who cannot log in before", async () => {
    const login = newLogin();
    await signUp(login);
    await expect(signIn(endpoints(), login)).rejects.toMatchObject({ name: "UserNotConfirmedException" });

    const code = await mailedCode(login.email);
    await expect(confirm(login.email, otherThan(code))).rejects.toMatchObject({
      name: "CodeMismatchException",
    });
    await confirm(login.email, code);
    const { idToken } = await signIn(endpoints(), login);
    expect(claimsOf(idToken)).toMatchObject({ email: login.email, token_use: "id" });
  });
});

describe("log-in", () => {
  test("by SRP gives tokens of a quarter of an hour", async () => {
    const { idToken, accessToken } = await newUser();
    for (const claims of [claimsOf(idToken), claimsOf(accessToken)]) {
      expect(Number(claims["exp"]) - Number(claims["iat"])).toBe(15 * 60);
    }
    expect((await todoApi(idToken).list()).status).toBe(200);
  });

  test("a wrong password and an unknown user get the same answer", async () => {
    const user = await newUser();
    const refusal = { name: "NotAuthorizedException", message: "Incorrect username or password." };
    await expect(signIn(endpoints(), { ...user, password: newLogin().password })).rejects.toMatchObject(
      refusal,
    );
    await expect(signIn(endpoints(), newLogin())).rejects.toMatchObject(refusal);
  });

  test("the password itself is never taken", async () => {
    const { email, password } = await newUser();
    const attempt = pool.send(
      new InitiateAuthCommand({
        ClientId: endpoints().clientId,
        AuthFlow: "USER_PASSWORD_AUTH",
        AuthParameters: { USERNAME: email, PASSWORD: password },
      }),
    );
    await expect(attempt).rejects.toMatchObject({ name: "InvalidParameterException" });
  });
});

describe("recovery", () => {
  test("the mailed code sets a new password, and the old one is gone", async () => {
    const { email, password } = await newUser();
    const next = newLogin().password;
    const ClientId = endpoints().clientId;
    await pool.send(new ForgotPasswordCommand({ ClientId, Username: email }));
    const code = await mailedCode(email);
    const recover = (ConfirmationCode: string) =>
      pool.send(
        new ConfirmForgotPasswordCommand({ ClientId, Username: email, Password: next, ConfirmationCode }),
      );
    await expect(recover(otherThan(code))).rejects.toMatchObject({ name: "CodeMismatchException" });
    await recover(code);

    await expect(signIn(endpoints(), { email, password })).rejects.toMatchObject({
      name: "NotAuthorizedException",
    });
    expect(claimsOf((await signIn(endpoints(), { email, password: next })).idToken)["email"]).toBe(email);
  });

  test("of an unknown user looks as that of any other", async () => {
    const { email } = newLogin();
    const { CodeDeliveryDetails } = await pool.send(
      new ForgotPasswordCommand({ ClientId: endpoints().clientId, Username: email }),
    );
    expect(CodeDeliveryDetails).toMatchObject({ DeliveryMedium: "EMAIL", AttributeName: "email" });
    await expect(mailedCode(email)).rejects.toThrow("no mail with a code was sent there");
  });
});

describe("second factor", () => {
  /** A user with an authenticator app, and that app's secret. */
  async function enrolledUser() {
    const user = await newUser();
    const { accessToken: AccessToken } = user;
    const { SecretCode = "" } = await pool.send(new AssociateSoftwareTokenCommand({ AccessToken }));
    const verify = (UserCode: string) => pool.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode }));
    await expect(verify(otherThan(totp(SecretCode)))).rejects.toMatchObject({
      name: "EnableSoftwareTokenMFAException",
    });
    expect((await verify(totp(SecretCode))).Status).toBe("SUCCESS");
    await pool.send(
      new SetUserMFAPreferenceCommand({
        AccessToken,
        SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true },
      }),
    );
    return { user, secret: SecretCode };
  }

  /** Logs in by SRP and answers the question for a code. */
  function signInWithCode({ email, password }: Login, code: string): Promise<string> {
    const { userPoolId: UserPoolId, clientId: ClientId, endpoint } = endpoints();
    const user = new CognitoUser({
      Username: email,
      Pool: new CognitoUserPool({ UserPoolId, ClientId, endpoint }),
    });
    return new Promise((done, failed) => {
      user.authenticateUser(new AuthenticationDetails({ Username: email, Password: password }), {
        onSuccess: () => failed(new Error("no code was asked for")),
        onFailure: failed,
        totpRequired: (challenge) =>
          user.sendMFACode(
            code,
            { onSuccess: (session) => done(session.getIdToken().getJwtToken()), onFailure: failed },
            challenge,
          ),
      });
    });
  }

  test("log-in asks for the authenticator's code, and takes the right one alone", async () => {
    const { user, secret } = await enrolledUser();
    await expect(signIn(endpoints(), user)).rejects.toThrow("Cognito asks for a one-time password");
    await expect(signInWithCode(user, otherThan(totp(secret)))).rejects.toMatchObject({
      name: "CodeMismatchException",
    });
    const idToken = await signInWithCode(user, totp(secret));
    expect((await todoApi(idToken).list()).status).toBe(200);
  });

  test("a code of five minutes ago is refused", async () => {
    const { user, secret } = await enrolledUser();
    await expect(signInWithCode(user, totp(secret, Date.now() - 300_000))).rejects.toMatchObject({
      name: "CodeMismatchException",
    });
  });
});

describe("refresh", () => {
  test("gives new tokens of the same user", async () => {
    const user = await newUser();
    const { AuthenticationResult = {} } = await refresh(user.refreshToken);
    const { IdToken = "", AccessToken = "" } = AuthenticationResult;
    expect(claimsOf(IdToken)["sub"]).toBe(user.sub);
    expect(claimsOf(IdToken)["jti"]).not.toBe(claimsOf(user.idToken)["jti"]);
    expect(claimsOf(AccessToken)["jti"]).not.toBe(claimsOf(user.accessToken)["jti"]);
    expect((await todoApi(IdToken).list()).status).toBe(200);
  });

  test("a revoked token is refused", async () => {
    const { refreshToken } = await newUser();
    await pool.send(new RevokeTokenCommand({ ClientId: endpoints().clientId, Token: refreshToken }));
    await expect(refresh(refreshToken)).rejects.toMatchObject({
      name: "NotAuthorizedException",
      message: "Refresh Token has been revoked",
    });
  });
});
