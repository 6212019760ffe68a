import { TerraformOutput, type TerraformStack } from "cdktf";
import type { PolicyStatement } from "../internal/iam";
import type { CdnDownloads, CdnDownloadsConfig } from ".";
import { synthesiseDownloads } from "./fixture";

const KEY = "arn:aws:kms:eu-west-1:111111111111:key/data";

/** Policy of the files' bucket. */
function bucketPolicy(changes: Partial<CdnDownloadsConfig>) {
  const stack = synthesiseDownloads(changes);
  return JSON.parse(stack.one("aws_s3_bucket_policy")["policy"]).Statement as { Sid: string }[];
}

function granted(
  changes: Partial<CdnDownloadsConfig>,
  grant: (downloads: CdnDownloads) => PolicyStatement[],
): PolicyStatement[] {
  let statements: PolicyStatement[] = [];
  synthesiseDownloads(changes, (stack: TerraformStack, downloads) => {
    statements = grant(downloads);
    new TerraformOutput(stack, "statements", { value: statements });
  });
  return statements;
}

test("an application behind the load balancer can serve the files from the bucket", () => {
  const stack = synthesiseDownloads({ albServesBucket: true });
  expect(stack.one("aws_s3_bucket")["bucket"]).toMatch(/^acme-test-downloads-/);
  const { origin } = stack.one("aws_cloudfront_distribution");
  expect(origin.map(({ origin_id }: { origin_id: string }) => origin_id)).toEqual(["alb"]);
});

test("control 39: the distribution does not read a bucket that is not its origin", () => {
  const sids = (changes: Partial<CdnDownloadsConfig>) => bucketPolicy(changes).map(({ Sid }) => Sid);
  expect(sids({ albServesBucket: true })).not.toContain("ReadByDistribution");
  expect(sids({ origin: "alb-then-s3" })).toContain("ReadByDistribution");
});

test("control 21: who publishes can put files, and neither read nor remove any", () => {
  const statements = granted({ origin: "s3", bucketKmsKeyArn: KEY }, (it) => it.grantPublishFiles());
  expect(statements.flatMap(({ actions }) => actions)).toEqual([
    "s3:AbortMultipartUpload",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
    "kms:Decrypt",
    "kms:GenerateDataKey",
  ]);
});

test("control 21: who serves can read files and tell missing ones, and nothing else", () => {
  const statements = granted({ albServesBucket: true, bucketKmsKeyArn: KEY }, (it) => it.grantReadFiles());
  expect(statements.flatMap(({ actions }) => actions)).toEqual([
    "s3:GetObject",
    "s3:ListBucket",
    "kms:Decrypt",
  ]);
});

test.each(["grantReadFiles", "grantPublishFiles"] as const)(
  "control 24: %s opens the key for this bucket alone",
  (name) => {
    const [statement] = granted({ origin: "s3", bucketKmsKeyArn: KEY }, (it) => it[name]()).slice(-1);
    expect(statement?.resources).toEqual([KEY]);
    expect(statement?.conditions).toEqual({
      StringEquals: {
        "kms:ViaService": "s3.eu-west-1.amazonaws.com",
        "kms:EncryptionContext:aws:s3:arn": expect.stringMatching(/TfToken/),
      },
    });
  },
);

test("without a bucket there is nothing to grant", () => {
  expect(() => granted({}, (it) => it.grantReadFiles())).toThrow(
    new Error('there is no bucket of downloads with origin "alb"; set albServesBucket for one'),
  );
});
