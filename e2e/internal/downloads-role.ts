import { randomUUID } from "node:crypto";
import { GetBucketEncryptionCommand } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { local } from "../../envs/local";
import type { CdnDownloads } from "../../modules/cdn-downloads";
import { synthesiseDownloads } from "../../modules/cdn-downloads/fixture";
import { type PolicyStatement, Role, trustDocument } from "../../modules/internal/iam";
import { Label } from "../../modules/internal/label";
import type { AwsCredentials } from "../../runtime";
import { administratorConfig } from "./environment";
import { iam } from "./iam";
import { bucketClient, downloads } from "./releases";

/** Someone who may do with the downloads what the module grants, and nothing else. */
export interface DownloadsRole {
  readonly credentials: Required<AwsCredentials>;
  /** Removes the role. */
  remove(): Promise<void>;
}

/** Makes a role with what a grant of the module says, of the deployed bucket and distribution. */
export async function newDownloadsRole(
  grant: (downloads: CdnDownloads) => PolicyStatement[],
): Promise<DownloadsRole> {
  const { id: accountId, region } = local.account;
  const RoleName = `e2e-downloads-${randomUUID().slice(0, 8)}`;
  const PolicyName = "access";
  await iam({
    Action: "CreateRole",
    RoleName,
    AssumeRolePolicyDocument: trustDocument([{ principals: { AWS: `arn:aws:iam::${accountId}:root` } }]),
  });
  await iam({ Action: "PutRolePolicy", RoleName, PolicyName, PolicyDocument: await documentOf(grant) });
  const sts = new STSClient({ ...administratorConfig(), region });
  const RoleArn = `arn:aws:iam::${accountId}:role/${RoleName}`;
  const { Credentials: found } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "e2e" }));
  sts.destroy();
  return {
    credentials: {
      accessKeyId: found?.AccessKeyId ?? "",
      secretAccessKey: found?.SecretAccessKey ?? "",
      sessionToken: found?.SessionToken ?? "",
    },
    remove: async () => {
      await iam({ Action: "DeleteRolePolicy", RoleName, PolicyName });
      await iam({ Action: "DeleteRole", RoleName });
    },
  };
}

/** The policy of a grant. The synthesised one refers to bucket and distribution: in their place come those that are deployed. */
async function documentOf(grant: (downloads: CdnDownloads) => PolicyStatement[]): Promise<string> {
  const { bucket, distributionId } = downloads();
  const { project, name: environment, account } = local;
  const label = new Label({ project, environment, accountId: account.id, region: account.region });
  const changes = { label, albServesBucket: true, bucketKmsKeyArn: await keyOf(bucket) };
  const synthesised = synthesiseDownloads(changes, (stack, module) => {
    new Role(stack, "e2e", { name: "e2e", trust: [], statements: grant(module) });
  });
  const document: string = synthesised.one("aws_iam_role_policy")["policy"];
  return document
    .replace(/\$\{aws_s3_bucket\.[^}]+\.arn\}/g, `arn:aws:s3:::${bucket}`)
    .replace(
      /\$\{aws_cloudfront_distribution\.[^}]+\.arn\}/g,
      `arn:aws:cloudfront::${account.id}:distribution/${distributionId}`,
    );
}

async function keyOf(Bucket: string): Promise<string> {
  const s3 = bucketClient();
  const { ServerSideEncryptionConfiguration: found } = await s3.send(
    new GetBucketEncryptionCommand({ Bucket }),
  );
  s3.destroy();
  const key = found?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID;
  if (key === undefined) throw new Error(`${Bucket} is not encrypted with a key of the environment`);
  return key;
}
