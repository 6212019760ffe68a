import { createSign, generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { UserPoolSettings } from "./settings";

/** What a token says besides who made it. */
export type TokenClaims = Readonly<Record<string, unknown>>;

interface Key {
  readonly kid: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** Made once for a file of tests: that takes longer than all else. */
const KEYS: Key[] = [];

function keyOf(index: number): Key {
  KEYS[index] ??= { kid: `key-${index + 1}`, ...generateKeyPairSync("rsa", { modulusLength: 2048 }) };
  return KEYS[index];
}

/**
 * For tests: stands in for a Cognito user pool. Real keys, at a real address on loopback, and ID tokens signed by them.
 *
 * @example const pool = await TestUserPool.start(); const token = pool.token({ sub: "user-1" });
 */
export class TestUserPool {
  /** How often the keys were fetched. */
  fetches = 0;
  /** What the keys' address does. */
  behaviour: "answer" | "fail" | "hang" = "answer";
  private keys: { readonly kid: string; readonly publicKey: KeyObject; readonly privateKey: KeyObject }[] =
    [];

  private constructor(private readonly server: Server) {
    this.rotate();
  }

  static async start(): Promise<TestUserPool> {
    const server = createServer((_request, response) => {
      pool.fetches += 1;
      if (pool.behaviour === "hang") return;
      if (pool.behaviour === "fail") return void response.writeHead(500).end();
      const keys = pool.keys.map(({ kid, publicKey }) => ({
        ...publicKey.export({ format: "jwk" }),
        kid,
        alg: "RS256",
        use: "sig",
      }));
      response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify({ keys }));
    });
    const pool = new TestUserPool(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return pool;
  }

  /** What a service is configured with, to take this pool's tokens. */
  get settings(): UserPoolSettings {
    const { port } = this.server.address() as AddressInfo;
    return {
      userPoolId: "eu-west-1_Test",
      clientId: "client-1",
      jwksUrl: `http://127.0.0.1:${port}/.well-known/jwks.json`,
    };
  }

  /** The same as environment variables. */
  get environment(): Readonly<Record<string, string>> {
    const { userPoolId, clientId, jwksUrl } = this.settings;
    return { USER_POOL_ID: userPoolId, USER_POOL_CLIENT_ID: clientId, USER_POOL_JWKS_URL: jwksUrl as string };
  }

  /** Adds a key, which signs from now on. */
  rotate(): void {
    this.keys.push(keyOf(this.keys.length));
  }

  /** Takes the oldest key away, as one that others have got hold of. */
  withdraw(): void {
    this.keys.shift();
  }

  /**
   * An ID token of a user of the pool.
   *
   * @param claims in place of the token's own, or besides them; those that are undefined are left out
   * @param header in place of the header's own
   */
  token(claims: TokenClaims = {}, header: TokenClaims = {}): string {
    const key = this.keys.at(-1) as Key;
    const now = Math.floor(Date.now() / 1000);
    const payload = {
      sub: "user-1",
      token_use: "id",
      aud: this.settings.clientId,
      iss: `https://cognito-idp.eu-west-1.amazonaws.com/${this.settings.userPoolId}`,
      iat: now,
      exp: now + 3600,
      email: "ann@example.com",
      ...claims,
    };
    const signed = [{ alg: "RS256", kid: key.kid, ...header }, payload].map(encode).join(".");
    return `${signed}.${createSign("RSA-SHA256").update(signed).sign(key.privateKey).toString("base64url")}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
