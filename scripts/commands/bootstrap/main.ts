import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { autoApproveOption, environmentArgument } from "../../internal/arguments";
import { CommandError, runCommand } from "../../internal/cli";
import { exitCodes, scriptCommand } from "../../internal/script-command";
import { synthesiseInto } from "../../internal/synthesised-stack";
import { environmentForOtherStack, runTerraform } from "../../internal/terraform";
import type { Backend } from "./state";

const root = resolve(__dirname, "..", "..", "..");

const EMULATOR_ACCOUNT = "000000000000";

interface Stack {
  readonly terraform: { readonly backend: { readonly s3: Backend } };
  readonly provider: { readonly aws: readonly { readonly allowed_account_ids: readonly string[] }[] };
}

async function main(): Promise<void> {
  const command = scriptCommand("bootstrap", {
    description:
      "Prepares an AWS account for an environment: makes the bucket of its Terraform state, the repositories of its services' images and API Gateway's right to log, then moves its own state into that bucket. Run again, it brings them up to date.",
    examples: ["aws sso login && scripts/bootstrap envs/prod", "scripts/bootstrap envs/dev --auto-approve"],
    exitCodes: exitCodes(["missingTool"]),
  })
    .addArgument(environmentArgument())
    .addOption(autoApproveOption())
    .parse();
  const { autoApprove } = command.opts<{ autoApprove: boolean }>();
  await bootstrap((command.args[0] as string).replace(/^envs\//, ""), autoApprove);
}

async function bootstrap(name: string, autoApprove: boolean): Promise<void> {
  const folder = join(root, ".local", "bootstrap", name);
  const stack = synthesise(name, folder);
  refuseEmulator(name, stack);
  const { backend } = stack.terraform;
  const localState = join(folder, "terraform.tfstate");
  // --help and wrong arguments are answered without it.
  const { findState } = await import("./state.js");
  const found = await findState(backend.s3);
  if (found === "bucket" && !existsSync(localState)) {
    throw new CommandError(
      `bucket ${backend.s3.bucket}`,
      `exists, but holds no ${backend.s3.key}, and this checkout has no state of it`,
      "run this where it was begun, or name another bucket as state.bucket",
    );
  }
  if (found !== "state") {
    // Its state cannot be in a bucket that is not there yet.
    write(folder, {
      ...stack,
      terraform: { ...stack.terraform, backend: { local: { path: "terraform.tfstate" } } },
    });
    apply(folder, ["-reconfigure"], autoApprove);
    write(folder, stack);
    terraform(folder, ["init", "-input=false", "-migrate-state", "-force-copy"]);
    renameSync(localState, `${localState}.moved`);
  } else {
    write(folder, stack);
    apply(folder, ["-reconfigure"], autoApprove);
  }
  console.log(`\nenvs/${name} can be deployed: npx cdktf deploy envs/${name}`);
}

/** The bootstrap stack of an environment as Terraform JSON. */
function synthesise(name: string, folder: string): Stack {
  mkdirSync(folder, { recursive: true });
  const output = join(folder, "synth");
  rmSync(output, { recursive: true, force: true });
  synthesiseInto(root, output);
  const file = join(output, "bootstrap", name, "cdk.tf.json");
  if (!existsSync(file)) {
    const known = readdirSync(join(output, "bootstrap")).map((found) => `envs/${found}`);
    throw new CommandError(
      `envs/${name}`,
      "has no bootstrap stack: it is not among the environments of envs/index.ts, or its state.kind is not s3",
      `these have one: ${known.sort().join(", ")}`,
    );
  }
  return JSON.parse(readFileSync(file, "utf8")) as Stack;
}

function write(folder: string, stack: unknown): void {
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(stack, null, 2));
}

function apply(folder: string, initArguments: readonly string[], autoApprove: boolean): void {
  terraform(folder, ["init", "-input=false", ...initArguments]);
  terraform(folder, ["apply", ...(autoApprove ? ["-auto-approve", "-input=false"] : [])]);
}

/** A shell that speaks to the emulator must not bootstrap a real account's environment. */
function refuseEmulator(name: string, stack: Stack): void {
  const endpoint = process.env["AWS_ENDPOINT_URL"];
  const account = stack.provider.aws[0]?.allowed_account_ids[0];
  if (!endpoint || account === EMULATOR_ACCOUNT) return;
  throw new CommandError(
    `envs/${name}`,
    `is of account ${account}, but AWS_ENDPOINT_URL is ${endpoint}`,
    "use another shell than that of scripts/local env",
  );
}

function terraform(folder: string, args: readonly string[]): void {
  const { code } = runTerraform(folder, args, { env: environmentForOtherStack(), shown: true });
  if (code !== 0) {
    throw new CommandError(
      `terraform ${args[0]}`,
      `ended with code ${code}`,
      "see its messages above, then run this again",
    );
  }
}

void runCommand(main);
