import type { Invalidation as Answer, CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { BAD_CREDENTIALS, NOT_ALLOWED } from "../../internal/aws-errors";
import { CommandError, EXIT } from "../../internal/cli";
import type { Batch } from "./batches";

/** An invalidation as CloudFront tells of it. */
export interface Invalidation {
  readonly id: string;
  readonly completed: boolean;
  /** By CloudFront's clock. */
  readonly createdAt: Date;
  /** When CloudFront answered, by its clock. */
  readonly answeredAt: Date;
}

/** The two calls that invalidating takes. A call is made once; who calls decides on another. */
export interface InvalidationService {
  /** Makes the invalidation, or finds the one that was made with the same caller reference. */
  create(batch: Batch): Promise<Invalidation>;
  get(id: string): Promise<Invalidation>;
  close(): void;
}

/** Until when CloudFront is waited for. */
export interface Patience {
  /** Ends a call that is under way. @default none does */
  readonly deadline?: AbortSignal;
  /** Milliseconds after which a call without an answer fails, with an error that passes. @default 30 000 */
  readonly requestTimeoutMilliseconds?: number;
}

/**
 * CloudFront, with the credentials and the endpoint that AWS's variables and files name, and the region of the variables.
 *
 * Loads the SDK, which takes longer than everything else of the command: only when it is needed.
 */
export async function openCloudFront(
  distributionId: string,
  { deadline, requestTimeoutMilliseconds = 30_000 }: Patience = {},
): Promise<InvalidationService> {
  const sdk = await import("@aws-sdk/client-cloudfront");
  const client = new sdk.CloudFrontClient({
    // CloudFront is one for all regions of a partition: any of them will do, so none is looked up in AWS's files.
    region: process.env["AWS_REGION"] ?? process.env["AWS_DEFAULT_REGION"] ?? "us-east-1",
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: 5000,
      requestTimeout: requestTimeoutMilliseconds,
      // The SDK only warns otherwise, and waits on.
      throwOnRequestTimeout: true,
    },
  });
  const options = deadline === undefined ? {} : { abortSignal: deadline };
  const answeredAt = watchClock(client);
  const read = ({ Invalidation }: { Invalidation?: Answer | undefined }): Invalidation => {
    const { Id, Status, CreateTime } = Invalidation ?? {};
    if (!Id || !Status || !CreateTime) {
      throw new CommandError("CloudFront", "answered without id, status or time of the invalidation");
    }
    return {
      id: Id,
      completed: Status === "Completed",
      createdAt: CreateTime,
      answeredAt: answeredAt(),
    };
  };
  return {
    create: async ({ paths, callerReference: CallerReference }) => {
      const Paths = { Quantity: paths.length, Items: [...paths] };
      return read(
        await client.send(
          new sdk.CreateInvalidationCommand({
            DistributionId: distributionId,
            InvalidationBatch: { Paths, CallerReference },
          }),
          options,
        ),
      );
    },
    get: async (Id) =>
      read(
        await client.send(new sdk.GetInvalidationCommand({ DistributionId: distributionId, Id }), options),
      ),
    close: () => client.destroy(),
  };
}

/** @returns the time of the last answer, by CloudFront's clock: this machine's may go wrong */
function watchClock(client: CloudFrontClient): () => Date {
  let last: string | undefined;
  client.middlewareStack.add(
    (next) => async (args) => {
      const output = await next(args);
      last = (output.response as { headers?: Record<string, string> }).headers?.["date"];
      return output;
    },
    // Below the SDK's own, which leaves nothing of the answer but its content.
    { step: "deserialize", priority: "low", name: "watchClock" },
  );
  return () => {
    const date = new Date(last ?? "");
    return Number.isNaN(date.getTime()) ? new Date() : date;
  };
}

/** Says in the command's words what CloudFront or the SDK has failed with. */
export function explainFailure(error: unknown, distributionId: string): unknown {
  if (!(error instanceof Error) || error instanceof CommandError) return error;
  const { name, message } = error;
  const { code, $metadata } = error as Error & { code?: string; $metadata?: unknown };
  if (NOT_ALLOWED.has(name)) {
    return new CommandError(
      `distribution ${distributionId}`,
      `these credentials are refused: ${message}`,
      "allow them cloudfront:CreateInvalidation and cloudfront:GetInvalidation on it, and no more",
      EXIT.credentials,
    );
  }
  if (BAD_CREDENTIALS.has(name)) {
    return new CommandError(
      "AWS",
      `the credentials are missing, have expired or are wrong (${name})`,
      'log in, e.g. aws sso login, or for envs/local eval "$(scripts/local env)", then run the same command again: it goes on from there',
      EXIT.credentials,
    );
  }
  if (name === "NoSuchDistribution") {
    return new CommandError(
      `distribution ${distributionId}`,
      "is none of this account's",
      "check --distribution, or log in to the environment's account",
    );
  }
  if (code === "ECONNREFUSED" || code === "ENOTFOUND") {
    return new CommandError("CloudFront", `could not be reached: ${message || code}`);
  }
  return $metadata === undefined ? error : new CommandError("CloudFront", `${name}: ${message}`);
}
