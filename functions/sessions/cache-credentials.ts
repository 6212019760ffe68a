import { type AwsCredentials, presignedUrl } from "../../runtime";

/** What a connection says who it is with. Empty where the cache asks nobody. */
export interface CacheCredentials {
  readonly username?: string;
  readonly password?: string;
}

/** Gives the credentials of a new connection. @param renew those given before were refused */
export type CacheCredentialSource = (renew: boolean) => Promise<CacheCredentials>;

/** For a cache that asks nobody. */
export const noCredentials: CacheCredentialSource = async () => ({});

/**
 * A password from Secrets Manager: read once, and again when it was refused, as after a rotation.
 *
 * @param readSecret gives the secret's text: the password alone, or a JSON object with `password` and perhaps `username`
 * @param username @default the secret's, or none
 */
export function passwordCredentials(
  readSecret: () => Promise<string>,
  username?: string,
): CacheCredentialSource {
  let known: CacheCredentials | undefined;
  return async (renew) => {
    if (known && !renew) return known;
    known = { ...parseSecret(await readSecret()), ...(username !== undefined && { username }) };
    return known;
  };
}

function parseSecret(text: string): CacheCredentials {
  if (!text.startsWith("{")) return { password: text };
  const { username, password } = JSON.parse(text) as CacheCredentials;
  if (typeof password !== "string") {
    throw new Error("CACHE_SECRET_ARN: the secret must be a text, or hold a password");
  }
  return { password, ...(typeof username === "string" && { username }) };
}

/** Whose right it is to connect, and to what. */
export interface IamCredentialsConfig {
  /** Name of the cache: of the replication group, or of the serverless cache. */
  readonly cacheName: string;
  readonly serverless: boolean;
  readonly username: string;
  readonly region: string;
  /** The function's own, from its environment. */
  readonly credentials: AwsCredentials;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Seconds for which a connection may be made with a token, the longest there is. */
const TOKEN_SECONDS = 900;

/**
 * IAM authentication: the password is a signed request to connect, made without asking anybody.
 *
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html
 */
export function iamCredentials(config: IamCredentialsConfig): CacheCredentialSource {
  const { cacheName, credentials, now, region, serverless, username } = config;
  return async () => {
    const url = new URL(`https://${cacheName}/`);
    url.searchParams.set("Action", "connect");
    url.searchParams.set("User", username);
    if (serverless) url.searchParams.set("ResourceType", "ServerlessCache");
    const signed = presignedUrl(url, TOKEN_SECONDS, {
      credentials,
      region,
      service: "elasticache",
      now: now(),
    });
    return { username, password: signed.href.slice("https://".length) };
  };
}
