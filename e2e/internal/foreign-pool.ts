import {
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  DeleteUserPoolCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { signIn, signUp } from "../../scripts/commands/local/users";
import { administratorConfig, endpoints } from "./environment";
import { claimsOf } from "./jwt";
import { newLogin } from "./users";

/** Does something with a good ID token of another user pool, which is there for so long. */
export async function withForeignToken<T>(work: (idToken: string) => Promise<T>): Promise<T> {
  const pool = new CognitoIdentityProviderClient(administratorConfig());
  const { UserPool = {} } = await pool.send(new CreateUserPoolCommand({ PoolName: "foreign" }));
  const { Id: UserPoolId = "" } = UserPool;
  try {
    const { UserPoolClient = {} } = await pool.send(
      new CreateUserPoolClientCommand({
        UserPoolId,
        ClientName: "foreign",
        ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH"],
      }),
    );
    const foreign = { ...endpoints(), userPoolId: UserPoolId, clientId: UserPoolClient.ClientId ?? "" };
    const login = newLogin();
    await signUp(foreign, login);
    const { idToken } = await signIn(foreign, login);
    expect(claimsOf(idToken)).toMatchObject({ email: login.email, token_use: "id" });
    return await work(idToken);
  } finally {
    await pool.send(new DeleteUserPoolCommand({ UserPoolId }));
    pool.destroy();
  }
}
