/**
 * A protected environment of its own beside the one under test, in the same emulator: a table with one item, and what every environment
 * has. Its project is a copy, changed as a team would change it.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  UpdateTableCommand,
} from "@aws-sdk/client-dynamodb";
import { type ProjectCopy, temporaryProject } from "../scripts/internal/project-copy";
import { terraformEnvironment } from "./internal/deployment";
import { administratorConfig } from "./internal/environment";
import { type Outcome, ROOT, run } from "./internal/project";

const STACK = "envs/guarded";
const TABLE = "acme-guarded-products";

let project: ProjectCopy;
let database: DynamoDBClient;
let env: NodeJS.ProcessEnv;

jest.setTimeout(120_000);

beforeAll(async () => {
  project = temporaryProject(ROOT);
  database = new DynamoDBClient(administratorConfig());
  // The state is in the copy, where the specification says.
  const { TF_CLI_ARGS_init: _, CDKTF_OUTPUT: __, ...rest } = terraformEnvironment();
  env = rest;
  write("envs/index.ts", environmentsModule("[]"));
  edit(
    "envs/stack.ts",
    "import { KmsKey }",
    'import { CatalogTable } from "../modules/catalog-table";\nimport { KmsKey }',
  );
  edit(
    "envs/stack.ts",
    '    system("downloads"',
    `    new CatalogTable(this, "products", {
      label,
      kmsKeyArn: dataKey.arn,
      deletionProtection,
      pointInTimeRecoveryDays: 7,
      alarmTopicArn: alarms.topicArn,
    });
    system("downloads"`,
  );
  await succeed(cdktf("deploy", "--auto-approve"));
  // As a refresh of the goldens leaves them, committed.
  cpSync(synthesised(), join(project.root, "envs/testdata/envs-guarded.json"));
  const held = { "products/table": "aws_dynamodb_table" };
  write("envs/protected/guarded.json", JSON.stringify({ held, released: {} }));
  git("init", "--quiet");
  git("add", "envs/testdata/envs-guarded.json");
  git(
    "-c",
    "user.name=e2e",
    "-c",
    "user.email=e2e@example.com",
    "commit",
    "--quiet",
    "--message",
    "Deployed",
  );
  await database.send(
    new PutItemCommand({ TableName: TABLE, Item: { id: { S: "kettle" }, sku: { S: "k-1" } } }),
  );
});

afterAll(async () => {
  await database
    .send(new UpdateTableCommand({ TableName: TABLE, DeletionProtectionEnabled: false }))
    .catch(() => {}); // It is not there, or protected no more.
  write(
    "envs/index.ts",
    environmentsModule("[]").replace("deletionProtection: true", "deletionProtection: false"),
  );
  const { code, output } = await cdktf("destroy", "--auto-approve");
  database.destroy();
  project.remove();
  expect({ code, ...(code !== 0 && { output }) }).toEqual({ code: 0 });
});

/** Source of an `envs/index.ts` with the one environment. */
function environmentsModule(acknowledged: string): string {
  return `import type { EnvironmentInput } from "./spec";

export { loadEnvironments, RefusedChange, SpecificationError } from "./load";

export const environments: Readonly<Record<string, EnvironmentInput>> = {
  guarded: {
    project: "acme",
    name: "guarded",
    tier: "development",
    account: { id: "000000000000", region: "us-east-1", apiGatewayLogging: "existing" },
    state: { kind: "local", path: "guarded.tfstate" },
    owner: "platform",
    deletionProtection: true,
    acknowledged: ${acknowledged},
    logRetentionDays: 1,
    keyDeletionDays: 7,
    s3UsePathStyle: true,
  },
};
`;
}

function write(file: string, text: string): void {
  writeFileSync(join(project.root, file), text);
}

function edit(file: string, from: string, to: string): void {
  const text = readFileSync(join(project.root, file), "utf8");
  expect(text.split(from)).toHaveLength(2);
  write(file, text.replace(from, to));
}

function synthesised(): string {
  return join(project.root, "cdktf.out", STACK, "cdk.tf.json");
}

function cdktf(command: string, ...args: string[]): Promise<Outcome> {
  const cli = join(project.root, "node_modules", "cdktf-cli", "bundle", "bin", "cdktf");
  return run([process.execPath, cli, command, STACK, ...args], project.root, env);
}

function script(name: string, ...args: string[]): Promise<Outcome> {
  return run([join(project.root, "scripts", name), ...args], project.root, env);
}

function git(...args: string[]): void {
  const { status, stderr } = spawnSync("git", args, { cwd: project.root, encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
}

async function succeed(outcome: Promise<Outcome>): Promise<string> {
  const { code, output } = await outcome;
  if (code !== 0) throw new Error(`ended with code ${code}:\n${output}`);
  // Terraform breaks its lines where they get too long.
  return output.replace(/\s+/g, " ");
}

async function fail(outcome: Promise<Outcome>): Promise<string> {
  const { code, output } = await outcome;
  expect(code).not.toBe(0);
  return output.replace(/[\s│]+/g, " ");
}

async function items(): Promise<(string | undefined)[]> {
  const { Items = [] } = await database.send(new ScanCommand({ TableName: TABLE }));
  return Items.map(({ id }) => id?.S);
}

/** The attribute that is the table's key. */
async function key(): Promise<string | undefined> {
  const { Table } = await database.send(new DescribeTableCommand({ TableName: TABLE }));
  return Table?.KeySchema?.[0]?.AttributeName;
}

function renameKey(from: string, to: string): void {
  edit(
    "modules/catalog-table/catalog-table.ts",
    `name: "products",\n      hashKey: "${from}"`,
    `name: "products",\n      hashKey: "${to}"`,
  );
}

test("control 2: cdktf deploy refuses to replace the table, and its item stays", async () => {
  renameKey("id", "sku");
  const words = await fail(cdktf("deploy", "--auto-approve"));
  renameKey("sku", "id");
  expect(words).toContain("Instance cannot be destroyed");
  expect(words).not.toContain("Apply complete");
  expect(await items()).toEqual(["kettle"]);
});

test("control 2: cdktf deploy refuses a table with another name and no move, and says what to do", async () => {
  edit("envs/stack.ts", 'new CatalogTable(this, "products"', 'new CatalogTable(this, "wares"');
  const words = await fail(cdktf("deploy", "--auto-approve"));
  expect(words).toContain(
    "envs/guarded: products/table is gone from the stack, an aws_dynamodb_table: a deployment would destroy it, and its items. " +
      "If it has another name now: scripts/moved --write.",
  );
  expect(await items()).toEqual(["kettle"]);
});

test("scripts/moved --write has the renamed module moved: with an acknowledgement, which lifts AWS's protection, nothing else changes", async () => {
  expect(await succeed(script("moved", "--write"))).toContain("products → wares");
  const reason = "Products are known by their SKU now, and come again from the catalogue.";
  write(
    "envs/index.ts",
    environmentsModule(`[{ path: "wares/table", action: "replace", reason: "${reason}" }]`),
  );
  expect(await plannedBy("moved")).toEqual({ create: 0, update: 1, replace: 0, delete: 0, move: 5 });
  expect(await succeed(script("deploy", STACK, "--plan", "moved"))).toContain("1 of 1: changed wares/table");
  expect(await items()).toEqual(["kettle"]);
});

test("a reviewed plan replaces what is acknowledged, and is applied once", async () => {
  renameKey("id", "sku");
  expect(await plannedBy("replaced")).toMatchObject({ create: 0, replace: 1, delete: 0, move: 0 });
  cpSync(join(project.root, "replaced"), join(project.root, "again"), { recursive: true });
  expect(await succeed(script("deploy", STACK, "--plan", "replaced"))).toContain(
    "wares/table was lost as acknowledged: take that back from envs/guarded.ts.",
  );
  expect(await key()).toBe("sku");
  expect(await items()).toEqual([]);
  expect(existsSync(join(project.root, "replaced", STACK, "plan.tfplan"))).toBe(false);
  expect(await fail(script("deploy", STACK, "--plan", "again"))).toContain(
    "envs/guarded: the plan is stale: the environment was changed after it was made",
  );
});

/** What a plan would do, by its report. @param folder where it is kept, in the project */
async function plannedBy(folder: string): Promise<unknown> {
  const { code, output } = await script("diff", STACK, "--out", folder);
  expect({ code, ...(code !== 2 && { output }) }).toEqual({ code: 2 });
  const report = readFileSync(join(project.root, folder, STACK, "plan.json"), "utf8");
  const { counts } = JSON.parse(report) as { counts: Readonly<Record<string, number>> };
  const { create, update, replace, delete: destroyed, move } = counts;
  return { create, update, replace, delete: destroyed, move };
}
