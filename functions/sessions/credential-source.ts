import { readEnvironment } from "../../runtime";
import {
  type CacheCredentialSource,
  iamCredentials,
  noCredentials,
  passwordCredentials,
} from "./cache-credentials";
import type { CacheAuthentication } from "./settings";

/** What Lambda sets in every function: who it is. */
const OWN = {
  required: ["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
  optional: ["AWS_SESSION_TOKEN"],
} as const;

/**
 * Chooses how connections are authenticated.
 *
 * @param environment usually `process.env`
 */
export function credentialSource(
  authentication: CacheAuthentication,
  environment: Readonly<Record<string, string | undefined>>,
): CacheCredentialSource {
  if (authentication.kind === "none") return noCredentials;
  if (authentication.kind === "password") {
    const { secretArn, username } = authentication;
    const read = async () => (await import("./cache-secret.js")).readCacheSecret(secretArn);
    return passwordCredentials(read, username);
  }
  const own = readEnvironment(OWN, environment);
  return iamCredentials({
    ...authentication,
    region: own.AWS_REGION,
    credentials: {
      accessKeyId: own.AWS_ACCESS_KEY_ID,
      secretAccessKey: own.AWS_SECRET_ACCESS_KEY,
      ...(own.AWS_SESSION_TOKEN !== undefined && { sessionToken: own.AWS_SESSION_TOKEN }),
    },
    now: Date.now,
  });
}
