import { createHash } from "node:crypto";
import { runSimulation, runUnsafeSimulation, type Simulation } from "@cloud-copilot/iam-simulate";
import { Role } from "../internal/iam";
import { synthesise, testArtifact, testLabel } from "../internal/synth-test";
import { UserFiles } from ".";

/*
 * Proof that a user's temporary credentials reach that user's folder and nothing else: the policies as synthesised are evaluated
 * by an IAM simulator, over generated identities and keys. What Terraform fills in on deployment is filled in here.
 */
const ACCOUNT = "111111111111";
const BUCKET = "arn:aws:s3:::files";
const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/data`;

const synthesised = synthesise((stack) => {
  const files = new UserFiles(stack, "files", {
    label: testLabel,
    artifact: testArtifact("upload-guard", {
      required: ["MAX_OBJECT_BYTES"],
      optional: ["POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE"],
    }),
    artifactBucket: "artifacts",
    kmsKeyArn: KEY,
    corsOrigins: [],
    noncurrentVersionDays: 30,
    maxObjectMegabytes: 100,
    logRetentionDays: 90,
    alarmTopicArn: `arn:aws:sns:eu-west-1:${ACCOUNT}:alarms`,
    deletionProtection: true,
  });
  // As the identity pool's authenticated role is made.
  new Role(stack, "signed-in", {
    name: "signed-in",
    trust: [{ principals: { Federated: "cognito-identity.amazonaws.com" } }],
    statements: files.grantOwnFolder(),
  });
});

const rolePolicy = deployed(synthesised.one("aws_iam_role_policy", "signed-in").policy);
const bucketPolicy = deployed(synthesised.one("aws_s3_bucket_policy").policy);

/** The policy as Terraform hands it to AWS: references resolved, `$${` unescaped. */
function deployed(policy: string): unknown {
  const resolved = policy.replace(/(?<!\$)\$\{aws_s3_bucket\.[^}]+\.arn\}/g, BUCKET).replaceAll("$${", "${");
  expect(resolved).not.toMatch(/\$\{aws_/);
  return JSON.parse(resolved);
}

interface Attempt {
  readonly action: string;
  readonly resource: string;
  /** Identity id of the credentials. @default none: credentials of no identity pool */
  readonly identity?: string;
  readonly context?: Record<string, string>;
}

function simulation({ action, resource, context = {} }: Attempt, identityPolicy: unknown): Simulation {
  return {
    request: {
      principal: `arn:aws:sts::${ACCOUNT}:assumed-role/signed-in/CognitoIdentityCredentials`,
      action,
      resource: { resource, accountId: ACCOUNT },
      contextVariables: context,
    },
    identityPolicies: [{ name: "access", policy: identityPolicy }],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  };
}

/** What the role's policy says. The bucket's policy allows nothing, so it can only take away. */
function attempt(request: Attempt): string {
  const { identity, context } = request;
  const known = {
    ...context,
    ...(identity !== undefined && { "cognito-identity.amazonaws.com:sub": identity }),
  };
  // The checked variant, runSimulation, takes away what its data does not list for an action, and it lists the identity for
  // STS alone: every request would be denied, and the tests of denials prove nothing.
  // To S3, a star in a key is a star; the simulator takes it for a pattern. A character that no policy names stands for it.
  const resource = request.resource.replace(/[*?]/g, "\u0001");
  return runUnsafeSimulation(simulation({ ...request, resource, context: known }, rolePolicy), {});
}

/** What an identity policy and a resource policy say together, where no identity is looked at. */
async function attemptWith(
  request: Attempt,
  identityPolicy: unknown,
  resourcePolicy: unknown,
): Promise<string> {
  const response = await runSimulation({ ...simulation(request, identityPolicy), resourcePolicy }, {});
  if (response.resultType === "error") throw new Error(JSON.stringify(response.errors));
  return response.overallResult;
}

/** The same ids in every run: a failure can be looked at again. */
function identityId(seed: number): string {
  const hex = createHash("sha256").update(String(seed)).digest("hex");
  return `eu-west-1:${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const IDENTITIES = Array.from({ length: 25 }, (_, seed) => identityId(seed));

const OBJECT_ACTIONS = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"];

/** Keys within a folder. Dots and percent signs mean nothing to S3: they are part of the name. */
const WITHIN = [
  "file.jpg",
  "a/b/c.txt",
  ".hidden",
  "with space and ä.png",
  "../file.jpg",
  "%2e%2e/file.jpg",
  "x".repeat(900),
];

/** Keys that look like those of `own` and are not within its folder. */
function outside(own: string, other: string): string[] {
  const uuid = own.split(":")[1] ?? "";
  return [
    `${other}/file.jpg`,
    `${other}/${own}/file.jpg`,
    `${own}x/file.jpg`,
    `${own.slice(0, -1)}/file.jpg`,
    `${own}`,
    `${own}-backup/file.jpg`,
    `${own}%2Ffile.jpg`,
    `${encodeURIComponent(own)}/file.jpg`,
    `${own.toUpperCase()}/file.jpg`,
    `${own} /file.jpg`,
    ` ${own}/file.jpg`,
    `/${own}/file.jpg`,
    `./${own}/file.jpg`,
    `../${own}/file.jpg`,
    `${other}/../${own}/file.jpg`,
    `${uuid}/file.jpg`,
    `us-east-1:${uuid}/file.jpg`,
    "/file.jpg",
    "file.jpg",
    "*/file.jpg",
    `${own.slice(0, 20)}*/file.jpg`,
    `${own.slice(0, -1)}?/file.jpg`,
    "${cognito-identity.amazonaws.com:sub}/file.jpg",
  ];
}

/** Every identity beside another one: `[own, other]`. */
const PAIRS = IDENTITIES.map((own, index): [string, string] => [
  own,
  IDENTITIES[(index + 1) % IDENTITIES.length] as string,
]);

describe("control 17: objects", () => {
  test.each(OBJECT_ACTIONS)("%s is allowed in the own folder", (action) => {
    for (const identity of IDENTITIES) {
      for (const name of WITHIN) {
        const resource = `${BUCKET}/${identity}/${name}`;
        expect([resource, attempt({ action, resource, identity })]).toEqual([resource, "Allowed"]);
      }
    }
  });

  test.each(OBJECT_ACTIONS)("%s is denied outside the own folder", (action) => {
    for (const [identity, other] of PAIRS) {
      for (const key of outside(identity, other)) {
        const resource = `${BUCKET}/${key}`;
        expect([resource, attempt({ action, resource, identity })]).toEqual([resource, "ImplicitlyDenied"]);
      }
    }
  });

  test("an identity whose name begins with another's reaches only its own", () => {
    const short = identityId(1);
    const long = `${short}x`;
    const results = [];
    for (const identity of [short, long]) {
      for (const folder of [short, long]) {
        results.push(attempt({ action: "s3:GetObject", resource: `${BUCKET}/${folder}/file.jpg`, identity }));
      }
    }
    expect(results).toEqual(["Allowed", "ImplicitlyDenied", "ImplicitlyDenied", "Allowed"]);
  });

  test("the same folder in another bucket is out of reach", () => {
    const identity = identityId(1);
    for (const bucket of ["arn:aws:s3:::files2", "arn:aws:s3:::file", "arn:aws:s3:::artifacts"]) {
      const resource = `${bucket}/${identity}/file.jpg`;
      expect(attempt({ action: "s3:GetObject", resource, identity })).toBe("ImplicitlyDenied");
    }
  });

  test("credentials without an identity reach nothing, not even the folder named by nothing", () => {
    for (const folder of [identityId(1), "", "${cognito-identity.amazonaws.com:sub}"]) {
      const resource = `${BUCKET}/${folder}/file.jpg`;
      expect(attempt({ action: "s3:GetObject", resource })).toBe("ImplicitlyDenied");
    }
  });
});

describe("control 17: lists", () => {
  const list = (identity: string, context: Record<string, string>) =>
    attempt({ action: "s3:ListBucket", resource: BUCKET, identity, context });

  test("are allowed by the own folder's prefix", () => {
    for (const identity of IDENTITIES) {
      for (const prefix of [`${identity}/`, `${identity}/photos/`, `${identity}/ph`]) {
        expect([prefix, list(identity, { "s3:prefix": prefix })]).toEqual([prefix, "Allowed"]);
      }
    }
  });

  test("are denied by any other prefix", () => {
    for (const [identity, other] of PAIRS) {
      const prefixes = [
        "",
        "/",
        "eu-west-1:",
        "*",
        "?",
        `${identity}*`,
        `${other}/`,
        ...outside(identity, other),
      ];
      for (const prefix of prefixes) {
        const result = list(identity, { "s3:prefix": prefix });
        expect([prefix, result]).toEqual([prefix, "ImplicitlyDenied"]);
      }
    }
  });

  test("are denied without a prefix", () => {
    for (const identity of IDENTITIES) expect(list(identity, {})).toBe("ImplicitlyDenied");
  });
});

describe("control 21: nothing else is allowed", () => {
  const identity = identityId(1);

  test.each([
    "s3:GetObjectVersion",
    "s3:DeleteObjectVersion",
    "s3:GetObjectAcl",
    "s3:PutObjectAcl",
    "s3:PutObjectTagging",
    "s3:RestoreObject",
  ])("%s on the own file", (action) => {
    const resource = `${BUCKET}/${identity}/file.jpg`;
    expect(attempt({ action, resource, identity })).toBe("ImplicitlyDenied");
  });

  test.each([
    "s3:ListBucketVersions",
    "s3:ListBucketMultipartUploads",
    "s3:GetBucketPolicy",
    "s3:PutBucketPolicy",
    "s3:DeleteBucket",
    "s3:PutLifecycleConfiguration",
  ])("%s on the bucket", (action) => {
    const context: Record<string, string> =
      action === "s3:ListBucketVersions" ? { "s3:prefix": `${identity}/` } : {};
    expect(attempt({ action, resource: BUCKET, identity, context })).toBe("ImplicitlyDenied");
  });
});

describe("control 24: the key", () => {
  /** As modules/kms-key makes it: the account's own policies decide. */
  const keyPolicy = {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
        Action: ["kms:*"],
        Resource: ["*"],
      },
    ],
  };
  /** The simulator's data lists no encryption context; a key that it lists stands for it, in policy and request. */
  const standIn = "aws:SourceIdentity";
  const readablePolicy = JSON.parse(
    JSON.stringify(rolePolicy).replaceAll("kms:EncryptionContext:aws:s3:arn", standIn),
  );
  const forFiles = { "kms:ViaService": "s3.eu-west-1.amazonaws.com", [standIn]: BUCKET };

  test.each([
    { name: "for this bucket's files", action: "kms:Decrypt", context: forFiles, result: "Allowed" },
    { name: "for new files", action: "kms:GenerateDataKey", context: forFiles, result: "Allowed" },
    { name: "by a direct call", action: "kms:Decrypt", context: {}, result: "ImplicitlyDenied" },
    {
      name: "by another service",
      action: "kms:Decrypt",
      context: { ...forFiles, "kms:ViaService": "dynamodb.eu-west-1.amazonaws.com" },
      result: "ImplicitlyDenied",
    },
    {
      name: "for another bucket",
      action: "kms:Decrypt",
      context: { ...forFiles, [standIn]: "arn:aws:s3:::artifacts" },
      result: "ImplicitlyDenied",
    },
    {
      name: "to delete it",
      action: "kms:ScheduleKeyDeletion",
      context: forFiles,
      result: "ImplicitlyDenied",
    },
  ])("$name ($action): $result", async ({ action, context, result }) => {
    expect(await attemptWith({ action, resource: KEY, context }, readablePolicy, keyPolicy)).toBe(result);
  });
});

describe("the bucket's own policy, beside one that allows every upload", () => {
  const everyUpload = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: ["s3:PutObject"], Resource: ["*"] }],
  };
  const overTls = { "aws:SecureTransport": "true", "s3:TlsVersion": "1.3" };
  const algorithm = "s3:x-amz-server-side-encryption";
  const key = "s3:x-amz-server-side-encryption-aws-kms-key-id";
  const foreignKey = "arn:aws:kms:eu-west-1:222222222222:key/foreign";

  test.each([
    { name: "controls 24 and 25: TLS 1.3, no encryption named", context: {}, result: "Allowed" },
    {
      name: "control 25: plain HTTP",
      context: { "aws:SecureTransport": "false" },
      result: "ExplicitlyDenied",
    },
    { name: "control 38: TLS 1.1", context: { "s3:TlsVersion": "1.1" }, result: "ExplicitlyDenied" },
    { name: "control 24: S3's own key", context: { [algorithm]: "AES256" }, result: "ExplicitlyDenied" },
    {
      name: "control 24: a foreign key",
      context: { [algorithm]: "aws:kms", [key]: foreignKey },
      result: "ExplicitlyDenied",
    },
    {
      name: "control 24: the bucket's key",
      context: { [algorithm]: "aws:kms", [key]: KEY },
      result: "Allowed",
    },
    {
      name: "control 24: KMS, no key named, so AWS's own",
      context: { [algorithm]: "aws:kms" },
      result: "ExplicitlyDenied",
    },
    {
      name: "control 24: two layers of KMS",
      context: { [algorithm]: "aws:kms:dsse", [key]: KEY },
      result: "ExplicitlyDenied",
    },
    {
      name: "control 24: a key of the writer's own",
      context: { "s3:x-amz-server-side-encryption-customer-algorithm": "AES256" },
      result: "ExplicitlyDenied",
    },
  ])("$name: $result", async ({ context, result }) => {
    const request = {
      action: "s3:PutObject",
      resource: `${BUCKET}/${identityId(1)}/file.jpg`,
      context: { ...overTls, ...context },
    };
    expect(await attemptWith(request, everyUpload, bucketPolicy)).toBe(result);
  });
});
