import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import {
  GetBucketEncryptionCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  ListObjectsV2Command,
  S3Client,
} from "@aws-sdk/client-s3";
import { deploymentEnvironment } from "../scripts/commands/local/settings";
import { type ProjectCopy, temporaryProject } from "../scripts/internal/project-copy";
import { environmentDirectory } from "./internal/directory";
import { administratorConfig, endpoints } from "./internal/environment";
import { ROOT, run } from "./internal/project";

/** Of this run alone: a bootstrap is never destroyed. */
const NAME = `s${randomBytes(4).toString("hex")}`;
/** Environments of the copy: one that keeps its state in S3, one that does not. */
const ENVIRONMENTS = `import type { EnvironmentInput } from "./spec";

export { loadEnvironments, RefusedChange, SpecificationError } from "./load";
export type { EnvironmentInput, EnvironmentSpec } from "./spec";

const common = {
  project: "acme",
  tier: "development",
  account: { id: "000000000000", region: "us-east-1", apiGatewayLogging: "managed" },
  owner: "platform",
  s3UsePathStyle: true,
  deletionProtection: false,
} as const;

export const environments: Readonly<Record<string, EnvironmentInput>> = {
  ${NAME}: { ...common, name: "${NAME}", state: { kind: "s3" } },
  laptop: {
    ...common,
    name: "laptop",
    account: { ...common.account, apiGatewayLogging: "existing" },
    state: { kind: "local", path: "laptop.tfstate" },
  },
};
`;

/** A terraform that dies where the state would be moved, as a machine that loses its power. */
const DYING_TERRAFORM = `#!/bin/sh
case " $* " in *" -migrate-state "*) exit 9 ;; esac
PATH=\${PATH#*:} exec terraform "$@"
`;

let project: ProjectCopy;
let s3: S3Client;
let bucket: string;
let env: NodeJS.ProcessEnv;
let waiting: ChildProcess | undefined;

beforeAll(() => {
  project = temporaryProject(ROOT);
  writeFileSync(join(project.root, "envs", "index.ts"), ENVIRONMENTS);
  const port = Number(new URL(endpoints().endpoint).port);
  // As somebody who is logged in to an account: nothing of the local environment but the emulator's address.
  env = { ...deploymentEnvironment(environmentDirectory(), port) };
  for (const name of ["CDKTF_OUTPUT", "TF_CLI_ARGS_init", "LOCAL_DEPLOYMENT_OF"]) delete env[name];
  s3 = new S3Client({ ...administratorConfig(), forcePathStyle: true });
});

afterAll(() => {
  waiting?.kill("SIGKILL");
  s3.destroy();
  project.remove();
});

function bootstrap(environment: string, path = env["PATH"]) {
  return run([join(project.root, "scripts", "bootstrap"), environment, "--auto-approve"], project.root, {
    ...env,
    PATH: path,
  });
}

async function keys(): Promise<string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  return Contents.map(({ Key }) => Key ?? "").sort();
}

test("an environment that keeps its state in a file needs no bootstrap, and is told so", async () => {
  const { code, output } = await bootstrap("envs/laptop");
  expect(output).toContain(
    "error: envs/laptop: has no bootstrap stack: it is not among the environments of envs/index.ts, or its state.kind is not s3; " +
      `these have one: envs/${NAME}`,
  );
  expect(code).toBe(1);
});

test("cut off between making the bucket and moving its state there, it says how to go on", async () => {
  const folder = join(dirname(project.root), "bin");
  mkdirSync(folder);
  writeFileSync(join(folder, "terraform"), DYING_TERRAFORM, { mode: 0o755 });
  const { code, output } = await bootstrap(`envs/${NAME}`, [folder, env["PATH"]].join(delimiter));
  expect(output).toContain(
    "error: terraform init: ended with code 9; see its messages above, then run this again",
  );
  expect(code).toBe(1);
  bucket = /state_bucket = "(.+)"/.exec(output)?.[1] ?? "";
  expect(bucket).toMatch(new RegExp(`^acme-${NAME}-tfstate-[0-9a-f]{8}$`));
  expect(await keys()).toEqual([]);
}, 120_000);

test("a checkout that knows nothing of the bucket does not take it for its own", async () => {
  const [known, away] = [join(project.root, ".local"), join(dirname(project.root), "away")];
  renameSync(known, away);
  const { code, output } = await bootstrap(`envs/${NAME}`);
  rmSync(known, { recursive: true });
  renameSync(away, known);
  expect(output).toContain(
    `error: bucket ${bucket}: exists, but holds no bootstrap/${NAME}.tfstate, and this checkout has no state of it; ` +
      "run this where it was begun, or name another bucket as state.bucket",
  );
  expect(code).toBe(1);
  expect(await keys()).toEqual([]);
}, 60_000);

test("run again, it makes nothing anew and moves its state into the bucket", async () => {
  const { code, output } = await bootstrap(`envs/${NAME}`);
  expect(output).toContain("No changes. Your infrastructure matches the configuration.");
  expect(output).toContain(`envs/${NAME} can be deployed: npx cdktf deploy envs/${NAME}`);
  expect(code).toBe(0);
  expect(await keys()).toEqual([`bootstrap/${NAME}.tfstate`]);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: `bootstrap/${NAME}.tfstate` }));
  const state = JSON.parse((await Body?.transformToString()) ?? "");
  expect(state.outputs.state_bucket.value).toBe(bucket);
  const types = state.resources.map(({ type }: { type: string }) => type);
  expect(types).toEqual(expect.arrayContaining(["aws_s3_bucket", "aws_kms_key", "aws_api_gateway_account"]));
  // Nothing of it stays readable beside the checkout under the name that Terraform would go on with.
  expect(existsSync(join(project.root, ".local", "bootstrap", NAME, "terraform.tfstate"))).toBe(false);
}, 120_000);

test("a third time, in a checkout that knows nothing of it, it plans nothing", async () => {
  rmSync(join(project.root, ".local"), { recursive: true });
  const { code, output } = await bootstrap(`envs/${NAME}`);
  expect(output).toContain("No changes. Your infrastructure matches the configuration.");
  expect(code).toBe(0);
  expect(await keys()).toEqual([`bootstrap/${NAME}.tfstate`]);
}, 120_000);

test("control 25: the bucket is versioned, encrypted with its own key, and closed to the public", async () => {
  const { Status } = await s3.send(new GetBucketVersioningCommand({ Bucket: bucket }));
  expect(Status).toBe("Enabled");
  const { ServerSideEncryptionConfiguration } = await s3.send(
    new GetBucketEncryptionCommand({ Bucket: bucket }),
  );
  expect(ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault).toEqual({
    SSEAlgorithm: "aws:kms",
    KMSMasterKeyID: expect.stringMatching(/^arn:aws:kms:us-east-1:000000000000:key\/.+/),
  });
  const { PublicAccessBlockConfiguration } = await s3.send(
    new GetPublicAccessBlockCommand({ Bucket: bucket }),
  );
  expect(PublicAccessBlockConfiguration).toEqual({
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  });
});

/** Folder of the environment's stack, once it is synthesised. */
const stackFolder = () => join(project.root, "cdktf.out", "envs", NAME);

function terraform(...args: string[]) {
  return run(["terraform", ...args, "-no-color"], stackFolder(), env);
}

/** Asks for approval, which never comes: it holds the lock meanwhile. */
async function applyAndWait(): Promise<ChildProcess> {
  const child = spawn("terraform", ["apply", "-no-color"], {
    cwd: stackFolder(),
    env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  await new Promise<void>((done, failed) => {
    let output = "";
    child.stdout?.on("data", (chunk) => {
      output += chunk;
      if (output.includes("Enter a value:")) done();
    });
    child.once("close", () => failed(new Error(`terraform apply has ended:\n${output}`)));
  });
  return child;
}

test("the environment keeps its state in that bucket, and a second change at the same time is refused", async () => {
  const synth = await run([process.execPath, "scripts/internal/synth.js"], project.root, env);
  expect(synth).toEqual({ code: 0, output: "" });
  const init = await terraform("init", "-input=false");
  expect(init.output).toContain('Successfully configured the backend "s3"!');
  expect(init.code).toBe(0);

  waiting = await applyAndWait();
  expect(await keys()).toContain(`envs/${NAME}.tfstate.tflock`);
  const second = await terraform("apply", "-auto-approve", "-input=false");
  expect(second.output).toContain("Error acquiring the state lock");
  expect(second.code).toBe(1);

  const ended = new Promise((done) => waiting?.once("close", done));
  waiting.stdin?.end("no\n");
  await ended;
  expect(await keys()).not.toContain(`envs/${NAME}.tfstate.tflock`);
}, 120_000);

/** Runs a subcommand of scripts/state on the environment. */
function state(...args: readonly [string, ...string[]]) {
  const [subcommand, ...others] = args;
  const command = join(project.root, "scripts", "state");
  return run([command, subcommand, `envs/${NAME}`, ...others], project.root, env);
}

/** What a command has printed with --json, after what it says for people. */
const jsonOf = (output: string) => JSON.parse(output.slice(output.search(/^\{/m)));

test("a lock that a killed Terraform has left is shown with its holder, kept while it may be in use, and removed when asked", async () => {
  waiting = await applyAndWait();
  const ended = new Promise((done) => waiting?.once("close", done));
  waiting.kill("SIGKILL");
  await ended;
  expect(await keys()).toContain(`envs/${NAME}.tfstate.tflock`);
  const refused = await state("unlock");
  expect(refused.output).toMatch(
    new RegExp(
      `error: envs/${NAME}: is locked since \\d min by .+@.+ \\(apply\\): it may be at work; wait for its end; `,
    ),
  );
  expect(refused.code).toBe(1);
  const removed = await state("unlock", "--auto-approve", "--json");
  expect(jsonOf(removed.output)).toMatchObject({ lock: { operation: "OperationTypeApply" } });
  expect(removed.code).toBe(0);
  expect(await keys()).not.toContain(`envs/${NAME}.tfstate.tflock`);
}, 120_000);

/** Addresses that the state has. */
async function known(): Promise<string[]> {
  const { output } = await terraform("state", "list");
  return output.split("\n").filter((line) => line.startsWith("aws_"));
}

test("an earlier version that S3 has kept of the state is restored, and what it replaces is backed up", async () => {
  const stack = JSON.parse(readFileSync(join(stackFolder(), "cdk.tf.json"), "utf8"));
  const addresses = Object.keys(stack.resource.aws_kms_key)
    .map((name) => `aws_kms_key.${name}`)
    .sort();
  expect(addresses).toHaveLength(2);
  for (const address of addresses) {
    const { code, output } = await terraform("apply", "-auto-approve", "-input=false", `-target=${address}`);
    expect({ code, ...(code !== 0 && { output }) }).toEqual({ code: 0 });
  }
  const { place, versions } = jsonOf((await state("list", "--json")).output);
  expect(place).toBe(`s3://${bucket}/envs/${NAME}.tfstate`);
  expect(versions[0]).toMatchObject({ resources: 2, current: true });
  const earlier = versions.find(({ resources }: { resources: number }) => resources === 1);

  const unconfirmed = await state("restore", earlier.id);
  expect(unconfirmed.output).toContain(`error: envs/${NAME}: was not confirmed, and nothing was changed`);
  expect(unconfirmed.code).toBe(1);

  const restored = jsonOf((await state("restore", earlier.id, "--auto-approve", "--json")).output);
  expect(restored).toMatchObject({
    lost: [addresses[1]],
    regained: [],
    backup: { serial: versions[0].serial },
  });
  expect(restored.serial).toBeGreaterThan(versions[0].serial);
  expect(await known()).toEqual([addresses[0]]);

  const again = await state("restore", restored.backup.path, "--auto-approve", "--json");
  expect(jsonOf(again.output)).toMatchObject({ lost: [], regained: [addresses[1]] });
  expect(await known()).toEqual(addresses);
}, 180_000);
