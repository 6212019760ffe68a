import { awsChecks } from "./aws";
import { AwsStub, type StubbedAccount } from "./aws-stub";
import { type Finding, runChecks } from "./check";
import type { Stack } from "./stack";

const OWN = { project: "acme", environment: "prod" };

const STACK: Stack = {
  terraform: {
    backend: {
      s3: { bucket: "acme-state", key: "envs/prod.tfstate", region: "eu-west-1", use_path_style: true },
    },
  },
  provider: {
    aws: [{ region: "eu-west-1", allowed_account_ids: ["777788889999"], default_tags: [{ tags: OWN }] }],
  },
  resource: {
    aws_vpc: { vpc: {} },
    aws_eip: { a: {}, b: {} },
    aws_lb: { orders: { name: "acme-prod-orders" } },
    aws_cloudfront_distribution: { cdn: { comment: "acme-prod: release downloads" } },
    aws_lambda_function: {
      todos: { function_name: "acme-prod-todos", reserved_concurrent_executions: 200 },
      guard: { function_name: "acme-prod-guard", reserved_concurrent_executions: 5 },
    },
  },
};

const GOOD: StubbedAccount = {
  accountId: "777788889999",
  bucket: 200,
  state: 200,
  lock: undefined,
  raised: { "L-F678F1CE": 10 },
  usual: { "L-F678F1CE": 5, "L-0263D0A3": 5, "L-53DA6B97": 50, "L-24B04930": 200 },
  vpcs: [OWN, {}, { ...OWN, environment: "dev" }],
  addresses: [OWN, { project: "acme" }],
  loadBalancers: ["acme-prod-orders", "other"],
  distributions: ["acme-prod: release downloads"],
  unreserved: 700,
  reserved: { "acme-prod-todos": 100 },
  refused: [],
};

const KEYS = {
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_REGION: "us-west-2",
};
const before = { ...process.env };

let stub: AwsStub | undefined;

afterEach(async () => {
  process.env = { ...before };
  await stub?.close();
  stub = undefined;
});

async function examine(account: Partial<StubbedAccount>, env: NodeJS.ProcessEnv = {}): Promise<Finding[]> {
  stub = await AwsStub.start({ ...GOOD, ...account });
  for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
  Object.assign(process.env, KEYS, stub.environment, env);
  return await runChecks(awsChecks("envs/prod", STACK), 30);
}

const shown = (findings: readonly Finding[]) =>
  findings.map(
    ({ status, name, what, mend }) => `${status} ${name}: ${what}${mend === undefined ? "" : `; ${mend}`}`,
  );

test("an account that has all of it: whose credentials, the state, its lock, and room beside what others have", async () => {
  const findings = await examine({});
  expect(shown(findings)).toEqual([
    "ok credentials: arn:aws:iam::777788889999:user/ann in eu-west-1",
    "ok state: s3://acme-state/envs/prod.tfstate",
    "ok lock: nobody holds the state",
    "ok VPCs per Region: needs 1 of 10; 2 are others'",
    "ok EC2-VPC Elastic IPs: needs 2 of 5; 1 are others'",
    "ok Application Load Balancers per Region: needs 1 of 50; 1 are others'",
    "ok Web distributions per AWS account: needs 1 of 200; 0 are others'",
    "ok Lambda's concurrent executions: needs 205 of 1000; 200 are others', 100 of nobody's",
  ]);
});

test("nothing is asked but what only reads", async () => {
  await examine({});
  const reading = /^(GetCallerIdentity|GetServiceQuota|GetAWSDefaultServiceQuota|Describe\w+|(GET|HEAD) .*)$/;
  expect(stub?.calls.filter((call) => !reading.test(call))).toEqual([]);
});

const SINCE = new Date(Date.now() - 5 * 60_000).toISOString();

test.each<{ name: string; account: Partial<StubbedAccount>; finds: string }>([
  {
    name: "another account's credentials",
    account: { accountId: "111122223333" },
    finds:
      "problem credentials: are of account 111122223333, not 777788889999; log in to the environment's account",
  },
  {
    name: "no bucket of the state",
    account: { bucket: 404 },
    finds: "problem state: there is no bucket acme-state; scripts/bootstrap envs/prod makes it",
  },
  {
    name: "another's bucket",
    account: { bucket: 403 },
    finds:
      "problem state: bucket acme-state: may not be read with these credentials, or is another account's; " +
      "log in to the environment's account, or name another bucket as state.bucket",
  },
  {
    name: "no state yet",
    account: { state: 404 },
    finds: "note state: s3://acme-state/envs/prod.tfstate is not there yet; the first deployment makes it",
  },
  {
    name: "a state that is locked",
    account: {
      lock: JSON.stringify({ ID: "1", Operation: "OperationTypeApply", Who: "ann@laptop", Created: SINCE }),
    },
    finds:
      "problem lock: the state is locked since 5 min by ann@laptop (apply); " +
      "wait for its end; after one that was killed: scripts/state unlock envs/prod",
  },
  {
    name: "too few addresses",
    account: { addresses: [{}, {}, {}, {}] },
    finds:
      "problem EC2-VPC Elastic IPs: needs 2 of 5; 4 are others'; ask for more of L-0263D0A3 of ec2 in Service Quotas (eu-west-1)",
  },
  {
    name: "the last VPC",
    account: { raised: { "L-F678F1CE": 3 } },
    finds:
      "note VPCs per Region: needs 1 of 3; 2 are others': there is none left then; " +
      "ask for more of L-F678F1CE of vpc in Service Quotas (eu-west-1)",
  },
  {
    name: "functions of others that have reserved too much",
    account: { unreserved: 100 },
    finds:
      "problem Lambda's concurrent executions: needs 205 of 1000; 800 are others', 100 of nobody's; " +
      "ask for more of L-B99A9384 of lambda in Service Quotas (eu-west-1), or lower reservedConcurrency",
  },
  {
    name: "no right to look at VPCs",
    account: { refused: ["DescribeVpcs"] },
    finds:
      "problem VPCs per Region: account 777788889999: these credentials are refused: not authorized to perform DescribeVpcs; " +
      "allow them ec2:DescribeVpcs on it, or log in to the environment's account",
  },
])("$name", async ({ account, finds }) => {
  expect(shown(await examine(account))).toContain(finds);
});

test("without credentials that are right, nothing else is asked", async () => {
  expect(shown(await examine({ accountId: "111122223333" })).slice(1)).toEqual([
    "skipped state: needs credentials of the account",
    "skipped VPCs per Region: needs credentials of the account",
    "skipped EC2-VPC Elastic IPs: needs credentials of the account",
    "skipped Application Load Balancers per Region: needs credentials of the account",
    "skipped Web distributions per AWS account: needs credentials of the account",
    "skipped Lambda's concurrent executions: needs credentials of the account",
  ]);
  expect(stub?.calls).toEqual(["GetCallerIdentity"]);
});

test("a shell that speaks to the emulator is no shell of an account", async () => {
  const [credentials] = shown(await examine({}, { AWS_ENDPOINT_URL: "http://127.0.0.1:1" }));
  expect(credentials).toBe(
    "problem credentials: envs/prod: is of account 777788889999, but AWS_ENDPOINT_URL is http://127.0.0.1:1; " +
      "use another shell than that of scripts/local env",
  );
});

test("no credentials at all", async () => {
  const none = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", HOME: "/nonexistent" };
  const [credentials] = shown(await examine({}, none));
  expect(credentials).toBe(
    "problem credentials: AWS: the credentials are missing, have expired or are wrong (CredentialsProviderError); " +
      "log in, e.g. aws sso login, then run the same command again",
  );
});
