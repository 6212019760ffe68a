import { HeadBucketCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CommandError } from "../../internal/cli";

/** The S3 backend of a synthesised stack, in Terraform's words. */
export interface Backend {
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
  readonly use_path_style?: boolean;
}

/** What there is of a stack's state: nothing, the bucket alone, or the state in its bucket. */
export type RemoteState = "nothing" | "bucket" | "state";

/**
 * Looks for a stack's state.
 *
 * @throws CommandError when the bucket is another account's, or the credentials may not look
 */
export async function findState(backend: Backend): Promise<RemoteState> {
  const { bucket: Bucket, key: Key, region } = backend;
  const client = new S3Client({ region, forcePathStyle: backend.use_path_style === true });
  try {
    if (!(await exists(client.send(new HeadBucketCommand({ Bucket })), backend))) return "nothing";
    return (await exists(client.send(new HeadObjectCommand({ Bucket, Key })), backend)) ? "state" : "bucket";
  } finally {
    client.destroy();
  }
}

async function exists(request: Promise<unknown>, { bucket }: Backend): Promise<boolean> {
  try {
    await request;
    return true;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    if ($metadata?.httpStatusCode === 404) return false;
    if ($metadata?.httpStatusCode === 403) {
      throw new CommandError(
        `bucket ${bucket}`,
        "may not be read with these credentials, or is another account's",
        "log in to the environment's account, or name another bucket as state.bucket",
      );
    }
    if (name === "CredentialsProviderError") {
      throw new CommandError("AWS", "no credentials were found", "log in first, e.g. aws sso login");
    }
    throw new CommandError(`bucket ${bucket}`, `could not be looked for: ${message || name}`);
  }
}
