import type { GetObjectCommandOutput } from "@aws-sdk/client-s3";
import { explainAwsFailure } from "../../internal/aws-errors";
import { CommandError } from "../../internal/cli";
import type { S3Backend } from "../../internal/state-backend";
import { readStateFile } from "./state-file";

/** An earlier state that the bucket has kept. */
export interface StateVersion {
  /** S3's id of the version. */
  readonly id: string;
  /** When it was written, as an ISO time. */
  readonly at: string;
  readonly bytes: number;
  /** Absent where the version is no state: cut off, or something else under its key. */
  readonly serial?: number;
  /** Absent with the serial. */
  readonly resources?: number;
  /** It is the present one. */
  readonly current: boolean;
}

/** Who holds a state, as Terraform notes it. */
export interface Lock {
  readonly id: string;
  /** E.g. `OperationTypeApply`. */
  readonly operation: string;
  /** User and machine, e.g. `ann@laptop`. */
  readonly who: string;
  /** Since when, as an ISO time. */
  readonly since: string;
}

/** The state's object in its bucket, beside Terraform. */
export interface StateBucket {
  /** The newest versions, newest first. */
  versions(limit: number): Promise<StateVersion[]>;
  /** The state of one version. */
  read(versionId: string): Promise<string>;
  /** Who holds the state; undefined when nobody does. */
  lock(): Promise<Lock | undefined>;
  close(): void;
}

/** Opens the bucket with the credentials of the shell. */
export async function openBucket({ bucket, key, region, use_path_style }: S3Backend): Promise<StateBucket> {
  const sdk = await import("@aws-sdk/client-s3");
  const client = new sdk.S3Client({ region, forcePathStyle: use_path_style === true });
  const explained = async <T>(rights: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      throw explainAwsFailure(error, { service: "S3", place: `bucket ${bucket}`, rights });
    }
  };
  const textOf = async ({ Body }: GetObjectCommandOutput) => (await Body?.transformToString()) ?? "";
  const read = (VersionId: string) =>
    explained("s3:GetObjectVersion and kms:Decrypt", async () => {
      try {
        return await textOf(
          await client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key: key, VersionId })),
        );
      } catch (error) {
        const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
        if (![400, 404].includes($metadata?.httpStatusCode ?? 0)) throw error;
        throw new CommandError(
          `version ${VersionId}`,
          `is none of ${key} in ${bucket}`,
          "scripts/state list names them",
        );
      }
    });
  return {
    read,
    versions: (limit) =>
      explained("s3:ListBucketVersions", async () => {
        const { Versions = [] } = await client.send(
          new sdk.ListObjectVersionsCommand({ Bucket: bucket, Prefix: key }),
        );
        const newest = Versions.filter((found) => found.Key === key)
          .sort((left, right) => Number(right.LastModified) - Number(left.LastModified))
          .slice(0, limit);
        return await Promise.all(
          newest.map(async ({ VersionId = "", LastModified, Size = 0, IsLatest = false }) => {
            const text = await read(VersionId);
            return {
              id: VersionId,
              at: LastModified?.toISOString() ?? "",
              bytes: Size,
              ...contentOf(text),
              current: IsLatest,
            };
          }),
        );
      }),
    lock: () =>
      explained("s3:GetObject", async () => {
        try {
          const Key = `${key}.tflock`;
          const text = await textOf(await client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key })));
          const { ID, Operation, Who, Created } = JSON.parse(text) as Record<string, string>;
          return { id: ID ?? "", operation: Operation ?? "", who: Who ?? "", since: Created ?? "" };
        } catch (error) {
          if ((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 404)
            return undefined;
          throw error;
        }
      }),
    close: () => client.destroy(),
  };
}

/** Nothing of a version that is no state: whoever looks for one to go back to must see the others. */
function contentOf(text: string): Pick<StateVersion, "serial" | "resources"> {
  try {
    const { serial, addresses } = readStateFile(text, "version");
    return { serial, resources: addresses.length };
  } catch (error) {
    if (error instanceof CommandError) return {};
    throw error;
  }
}
