/** For a moment the tokens of the mobile client live for seconds alone, so nobody else may sign in then. */
import { setTimeout as sleep } from "node:timers/promises";
import {
  DescribeUserPoolClientCommand,
  UpdateUserPoolClientCommand,
  type UserPoolClientType,
} from "@aws-sdk/client-cognito-identity-provider";
import { signIn, userPoolAdmin } from "../../scripts/commands/local/users";
import { endpoints } from "../internal/environment";
import { expectProblem } from "../internal/http";
import { claimsOf } from "../internal/jwt";
import { serviceClient } from "../internal/services";
import { newCustomer } from "../internal/shop";

/** Long enough for some requests on a busy machine, short enough to wait for its end. AWS allows five minutes at least. */
const SHORT_SECONDS = 6;

/** Does something while the mobile client's ID tokens live shortly. */
async function whileShortLived<T>(work: () => Promise<T>): Promise<T> {
  const { userPoolId: UserPoolId, clientId: ClientId } = endpoints();
  const pool = userPoolAdmin(endpoints());
  const describe = async (): Promise<UserPoolClientType> => {
    const command = new DescribeUserPoolClientCommand({ UserPoolId, ClientId });
    return (await pool.send(command)).UserPoolClient ?? {};
  };
  const update = async ({ TokenValidityUnits, ...client }: UserPoolClientType) => {
    const { CreationDate: _, LastModifiedDate: __, ClientSecret: ___, ...settings } = client;
    const units = { ...(TokenValidityUnits && { TokenValidityUnits }) };
    await pool.send(new UpdateUserPoolClientCommand({ ...settings, ...units, UserPoolId, ClientId }));
  };
  const before = await describe();
  try {
    await update({
      ...before,
      IdTokenValidity: SHORT_SECONDS,
      TokenValidityUnits: { ...before.TokenValidityUnits, IdToken: "seconds" },
    });
    return await work();
  } finally {
    await update(before);
    const { LastModifiedDate: _, ...restored } = await describe();
    const { LastModifiedDate: __, ...wanted } = before;
    expect(restored).toEqual(wanted);
    pool.destroy();
  }
}

test("control 16: the pool's own token is refused by every service once it has expired, and not before", async () => {
  const customer = await newCustomer();
  const { idToken } = await whileShortLived(() => signIn(endpoints(), customer));
  const ask = () => {
    const headers = { Authorization: `Bearer ${idToken}`, "X-Session-Token": customer.sessionToken };
    return Promise.all([
      serviceClient("catalog", headers)("GET", "/v1/products"),
      serviceClient("orders", headers)("GET", "/v1/orders"),
      serviceClient("storefront", headers)("GET", "/v1/orders"),
      serviceClient("sessions", headers)("GET", "/sessions/current"),
    ]);
  };
  expect((await ask()).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  // aws-jwt-verify's clock is exact to the second.
  await sleep(Number(claimsOf(idToken)["exp"]) * 1000 - Date.now() + 1100);
  for (const answer of await ask()) expectProblem(answer, 401);
}, 60_000);
