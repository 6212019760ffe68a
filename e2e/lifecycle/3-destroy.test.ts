import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CognitoIdentityClient, ListIdentityPoolsCommand } from "@aws-sdk/client-cognito-identity";
import {
  CognitoIdentityProviderClient,
  ListUserPoolsCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { ListBucketsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { readState } from "../../scripts/commands/local/ecs/state";
import { MARKS } from "../../scripts/commands/local/settings";
import {
  findMarkedProcesses,
  identifyProcess,
  isRunning,
  type ProcessIdentity,
} from "../../scripts/internal/process-identity";
import { todoApi } from "../internal/api";
import { cdktf, changesOf, succeed, terraformEnvironment } from "../internal/deployment";
import { environmentDirectory } from "../internal/directory";
import { administratorConfig, endpoints } from "../internal/environment";
import { send } from "../internal/http";
import { ROOT, run } from "../internal/project";
import { serviceUrl, until } from "../internal/services";
import { newUser } from "../internal/users";

/** What these tests need of Terraform's state. */
interface State {
  readonly resources: readonly {
    readonly mode: "managed" | "data";
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly attributes: Readonly<Record<string, unknown>> }[];
  }[];
}

/** Part of every name in the environment. */
const PREFIX = "acme-local-";

/** The state as it was before the destruction, kept in a folder of its own. */
let folder: string;
let before: State;
/** Processes of tasks, databases and caches, and addresses of load balancers, as they were. */
let running: ProcessIdentity[];
let urls: string[];

function readTerraformState(path: string): State {
  return JSON.parse(readFileSync(path, "utf8")) as State;
}

function managed({ resources }: State) {
  return resources.filter(({ mode }) => mode === "managed");
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "destroyed-"));
  copyFileSync(environmentDirectory().terraformState, join(folder, "before.tfstate"));
  before = readTerraformState(join(folder, "before.tfstate"));
  const { services = [], servers = [] } = readState(environmentDirectory()) ?? {};
  const tasks = services.flatMap((service) =>
    service.tasks.flatMap(({ processes }) => Object.values(processes)),
  );
  running = [...tasks, ...servers.flatMap(({ pid }) => pid ?? [])].flatMap(
    (pid) => identifyProcess(pid) ?? [],
  );
  urls = (["catalog", "orders", "storefront"] as const).map(serviceUrl);
  // Not empty: a user with a to-do, and a bucket with several versions of a file.
  const user = await newUser();
  await todoApi(user.idToken).create({ title: "Is destroyed too" });
  const s3 = new S3Client({ ...administratorConfig(), forcePathStyle: true });
  for (const Body of ["first", "second"]) {
    await s3.send(new PutObjectCommand({ Bucket: endpoints().bucket, Key: "someone/file.txt", Body }));
  }
  s3.destroy();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

// The last of all tests. An environment that a developer has brought up is empty afterwards: `scripts/local up` deploys it again.
test("cdktf destroy removes the whole environment, and its state is empty", async () => {
  expect(managed(before).length).toBeGreaterThan(100);
  const { code, output } = await cdktf(ROOT, "destroy", "--auto-approve");
  expect({ code, ...(code !== 0 && { output }) }).toEqual({ code: 0 });
  expect(readTerraformState(environmentDirectory().terraformState).resources).toEqual([]);
}, 600_000);

test("the provider finds none of the resources that there were", async () => {
  // Terraform, given the state of before and nothing to make of it, looks for each resource and says which are gone.
  const backend = { local: { path: join(folder, "before.tfstate") } };
  const provider = { aws: [{ region: endpoints().region, s3_use_path_style: true }] };
  const required = { aws: { source: "aws", version: "5.100.0" } };
  writeFileSync(
    join(folder, "main.tf.json"),
    JSON.stringify({ terraform: { backend, required_providers: required }, provider }),
  );
  const { TF_CLI_ARGS_init: _, ...env } = terraformEnvironment();
  const terraform = (...args: string[]) => succeed(run(["terraform", ...args], folder, env));
  await terraform("init", "-input=false");
  await terraform("plan", "-input=false", "-refresh-only", "-out=looked");
  const gone = changesOf(await terraform("show", "-json", "looked"), "resource_drift")
    .filter(({ actions }) => actions.join() === "delete")
    .map(({ address }) => address);
  // What is in the state alone, such as a terraform_data, the provider knows nothing of.
  const all = managed(before)
    .map(({ type, name }) => `${type}.${name}`)
    .filter((address) => address.startsWith("aws_"));
  expect(all.filter((address) => !gone.includes(address))).toEqual([]);
}, 600_000);

test("no bucket, table, function, pool or log group of the environment is listed", async () => {
  const config = administratorConfig();
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  const dynamodb = new DynamoDBClient(config);
  const lambda = new LambdaClient(config);
  const cognito = new CognitoIdentityProviderClient(config);
  const identities = new CognitoIdentityClient(config);
  const logs = new CloudWatchLogsClient(config);
  const names = [
    ...((await s3.send(new ListBucketsCommand())).Buckets ?? []).map(({ Name }) => Name),
    ...((await dynamodb.send(new ListTablesCommand())).TableNames ?? []),
    ...((await lambda.send(new ListFunctionsCommand())).Functions ?? []).map(
      ({ FunctionName }) => FunctionName,
    ),
    ...((await cognito.send(new ListUserPoolsCommand({ MaxResults: 60 }))).UserPools ?? []).map(
      ({ Name }) => Name,
    ),
    ...((await identities.send(new ListIdentityPoolsCommand({ MaxResults: 60 }))).IdentityPools ?? []).map(
      ({ IdentityPoolName }) => IdentityPoolName,
    ),
    ...((await logs.send(new DescribeLogGroupsCommand())).logGroups ?? []).map(
      ({ logGroupName }) => logGroupName,
    ),
  ];
  for (const client of [s3, dynamodb, lambda, cognito, identities, logs]) client.destroy();
  expect(names.filter((name) => name?.includes(PREFIX))).toEqual([]);
});

test("the two keys alone are still known: they wait for their deletion, as KMS deletes none at once", async () => {
  const kms = new KMSClient(administratorConfig());
  const keys = before.resources.filter(({ type }) => type === "aws_kms_key");
  expect(keys).toHaveLength(2);
  for (const { instances } of keys) {
    const KeyId = String(instances[0]?.attributes["key_id"]);
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
    expect(KeyMetadata?.KeyState).toBe("PendingDeletion");
  }
  kms.destroy();
});

test("the API and the load balancers do not answer any more", async () => {
  expect((await todoApi("any").list()).status).toBe(404);
  for (const url of urls) {
    const { status, headers } = await send("GET", `${url}/v1/products`);
    expect([status, headers.get("x-request-id")]).toEqual([404, null]);
  }
});

test("what ran in the VPC has ended by itself: tasks, PostgreSQL, Valkey", async () => {
  expect(running.length).toBeGreaterThanOrEqual(9);
  await until("the end of all tasks and servers", 60, () => !running.some((process) => isRunning(process)));
  const { services, servers } = readState(environmentDirectory()) ?? {};
  expect({ services, servers }).toEqual({ services: [], servers: [] });
});

test("scripts/local down ends what is left, and leaves no process", async () => {
  const { path, root } = environmentDirectory();
  expect(findMarkedProcesses(MARKS.environment, path).length).toBeGreaterThan(0);
  const { code } = await run(
    [join(root, "scripts", "local"), "--directory", path, "down"],
    root,
    process.env,
  );
  expect(code).toBe(0);
  expect(findMarkedProcesses(MARKS.environment, path)).toEqual([]);
}, 60_000);
