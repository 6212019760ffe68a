import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { boundedClientConfig } from "../../runtime";

/**
 * Reads the cache's password with the function's own credentials.
 *
 * In a file of its own, loaded only now: the client is larger than the rest of the function. See `lazyFiles` in function.json.
 *
 * @throws the client's error, after one attempt: the cache's own attempts try again
 */
export async function readCacheSecret(arn: string): Promise<string> {
  const client = new SecretsManagerClient(
    boundedClientConfig({ attempts: 1, connectionMilliseconds: 500, requestMilliseconds: 1000 }),
  );
  try {
    const { SecretString: text } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    if (text === undefined) throw new Error("CACHE_SECRET_ARN: the secret must be a text");
    return text;
  } finally {
    client.destroy();
  }
}
