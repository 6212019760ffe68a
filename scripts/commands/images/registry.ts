import { BAD_CREDENTIALS, NOT_ALLOWED } from "../../internal/aws-errors";
import { CommandError, EXIT } from "../../internal/cli";
import type { Environment, Image } from "./plan";

/** What Docker logs in with. */
export interface RegistryLogin {
  readonly user: string;
  /** Good for twelve hours. */
  readonly password: string;
}

/** A registry of images. */
export interface Registry {
  /** Whether the image is there, or could not be, as it has no repository. */
  find(image: Image): Promise<"present" | "absent" | "noRepository">;
  logIn(): Promise<RegistryLogin>;
  close(): void;
}

/**
 * ECR, with the credentials and the endpoint that AWS's variables and files name.
 *
 * Loads the SDK, which takes longer than everything else of the command: only when it is needed.
 */
export async function openRegistry({ name, accountId, region }: Environment): Promise<Registry> {
  const sdk = await import("@aws-sdk/client-ecr");
  const client = new sdk.ECRClient({
    region,
    requestHandler: { connectionTimeout: 5000, requestTimeout: 30_000, throwOnRequestTimeout: true },
  });
  return {
    find: async ({ repository, tag }) => {
      try {
        await client.send(
          new sdk.DescribeImagesCommand({
            registryId: accountId,
            repositoryName: repository,
            imageIds: [{ imageTag: tag }],
          }),
        );
        return "present";
      } catch (error) {
        if (error instanceof sdk.ImageNotFoundException) return "absent";
        if (error instanceof sdk.RepositoryNotFoundException) return "noRepository";
        throw explainFailure(error, name, accountId);
      }
    },
    logIn: async () => {
      const answer = await client
        .send(new sdk.GetAuthorizationTokenCommand({}))
        .catch((error: unknown) => Promise.reject(explainFailure(error, name, accountId)));
      const token = answer.authorizationData?.[0]?.authorizationToken ?? "";
      const [user, password] = Buffer.from(token, "base64").toString("utf8").split(":", 2);
      if (!user || !password) throw new CommandError("ECR", "answered without a password");
      return { user, password };
    },
    close: () => client.destroy(),
  };
}

/** Says in the command's words what ECR or the SDK has failed with. */
function explainFailure(error: unknown, environment: string, accountId: string): unknown {
  const {
    name = "",
    message = "",
    code,
  } = Object(error) as { name?: string; message?: string; code?: string };
  if (NOT_ALLOWED.has(name)) {
    return new CommandError(
      `account ${accountId}`,
      `these credentials are refused: ${message}`,
      `log in to the account of ${environment}, with the rights of modules/image-repositories' pushStatements`,
      EXIT.credentials,
    );
  }
  if (BAD_CREDENTIALS.has(name)) {
    return new CommandError(
      "AWS",
      `the credentials are missing, have expired or are wrong (${name})`,
      "log in, e.g. aws sso login, then run the same command again",
      EXIT.credentials,
    );
  }
  if (code === "ECONNREFUSED" || code === "ENOTFOUND" || name === "TimeoutError") {
    return new CommandError("ECR", `could not be reached: ${message || code}`);
  }
  return new CommandError("ECR", `${name}: ${message}`);
}
