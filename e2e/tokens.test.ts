import { createHmac, createPublicKey, generateKeyPairSync } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  DeleteUserPoolClientCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { CognitoJwtVerifier } from "aws-jwt-verify";
import type { Jwks } from "aws-jwt-verify/jwk";
import { signIn } from "../scripts/commands/local/users";
import { todoApi } from "./internal/api";
import { administratorConfig, endpoints } from "./internal/environment";
import { withForeignToken } from "./internal/foreign-pool";
import { expectProblem } from "./internal/http";
import { claimsOf, encode, forged, headerOf, tampered, unsigned } from "./internal/jwt";
import { newUser, type TestUser } from "./internal/users";

const HOUR_SECONDS = 3600;
/** Of the short-lived token: long enough for one request on a busy machine, short enough to wait for its end. */
const SHORT_SECONDS = 5;

let pool: CognitoIdentityProviderClient;
let user: TestUser;
let jwks: Jwks;

beforeAll(async () => {
  pool = new CognitoIdentityProviderClient(administratorConfig());
  user = await newUser();
  const { endpoint, userPoolId } = endpoints();
  const response = await fetch(`${endpoint}/${userPoolId}/.well-known/jwks.json`);
  jwks = (await response.json()) as Jwks;
});

afterAll(() => pool.destroy());

async function expectRefused(token?: string): Promise<void> {
  const answer = await todoApi(token).list();
  expectProblem(answer, 401);
  expect(answer.headers.get("www-authenticate")).toBe("Bearer");
}

describe("the pool's keys", () => {
  test("verify the ID token for the mobile client", async () => {
    const { userPoolId, clientId } = endpoints();
    const verifier = CognitoJwtVerifier.create({ userPoolId, clientId, tokenUse: "id" });
    verifier.cacheJwks(jwks);
    await expect(verifier.verify(user.idToken)).resolves.toMatchObject({ sub: user.sub, email: user.email });
    await expect(verifier.verify(user.accessToken)).rejects.toThrow("Token use not allowed");
    await expect(verifier.verify(tampered(user.idToken, { sub: "somebody-else" }))).rejects.toThrow(
      "Invalid signature",
    );
  });
});

describe("control 16: the gateway answers 401 with problem details", () => {
  test.each([
    ["GET", "/todos"],
    ["POST", "/todos"],
    ["GET", "/todos/01890a5d-ac96-774b-bcce-b302099a8057"],
    ["PUT", "/todos/01890a5d-ac96-774b-bcce-b302099a8057"],
    ["DELETE", "/todos/01890a5d-ac96-774b-bcce-b302099a8057"],
  ])("to %s %s without a token", async (method, path) => {
    const body = method === "POST" || method === "PUT" ? { body: { title: "Buy milk" } } : {};
    expectProblem(await todoApi().request(method, path, body), 401);
  });

  test.each([
    ["no JWT", () => "garbage"],
    ["three parts of nothing", () => ".."],
    ["parts that are no JSON", () => "a.b.c"],
    ["a token cut short", () => user.idToken.slice(0, -8)],
    [
      "another subject below the same signature",
      () => tampered(user.idToken, { sub: "00000000-0000-0000-0000-000000000000" }),
    ],
    [
      "a later expiry below the same signature",
      () => tampered(user.idToken, { exp: nowSeconds() + HOUR_SECONDS }),
    ],
    ["no signature, as `alg: none` asks for", () => unsigned(user.idToken)],
    ["an HMAC made with the public key", () => confused()],
    ["the access token", () => user.accessToken],
    ["the refresh token", () => user.refreshToken],
  ])("to %s", async (_case, token) => {
    await expectRefused(token());
  });

  test("to a stranger's signature, expired or not", async () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    await expectRefused(forged(user.idToken, {}, privateKey));
    await expectRefused(forged(user.idToken, { exp: nowSeconds() - HOUR_SECONDS }, privateKey));
  });

  test("to the pool's own token once it has expired, and not before", async () => {
    // A client of the same pool: the mobile client's tokens live for a quarter of an hour. AWS allows five minutes at least.
    const { userPoolId: UserPoolId } = endpoints();
    const { UserPoolClient = {} } = await pool.send(
      new CreateUserPoolClientCommand({
        UserPoolId,
        ClientName: "short-lived",
        ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH"],
        IdTokenValidity: SHORT_SECONDS,
        TokenValidityUnits: { IdToken: "seconds" },
      }),
    );
    const { ClientId = "" } = UserPoolClient;
    try {
      const { idToken } = await signIn({ ...endpoints(), clientId: ClientId }, user);
      expect((await todoApi(idToken).list()).status).toBe(200);
      await sleep(Number(claimsOf(idToken)["exp"]) * 1000 - Date.now() + 100);
      await expectRefused(idToken);
    } finally {
      await pool.send(new DeleteUserPoolClientCommand({ UserPoolId, ClientId }));
    }
  });

  test("to a good token of another user pool", async () => {
    await withForeignToken(expectRefused);
  });
});

/** The old trick of key confusion: a verifier that trusts `alg` takes the public key for the secret. */
function confused(): string {
  const { alg: _, kid } = headerOf(user.idToken);
  const jwk = jwks.keys.find((key) => key.kid === kid) as never;
  const secret = createPublicKey({ key: jwk, format: "jwk" }).export({ type: "spki", format: "pem" });
  const signed = `${encode({ alg: "HS256", kid })}.${encode(claimsOf(user.idToken))}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
