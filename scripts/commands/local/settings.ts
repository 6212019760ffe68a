import { delimiter, dirname, join } from "node:path";
import { quote } from "../../internal/shell";
import type { LocalDirectory } from "./directory";
import { nodeOption, PRELOAD } from "./names/preload-option";

/** What envs/local.ts says of the account, and the emulator must agree to. */
export const ACCOUNT = { id: "000000000000", region: "us-east-1" } as const;

/**
 * Variables that mark every process of a directory with its path: so they are found again after any crash, and no others are. No
 * shell of a user ever has them. `environment` marks all that outlives a command, `process` tells these apart, and `deployment`
 * marks a deployment's.
 */
export const MARKS = {
  environment: "LOCAL_ENVIRONMENT_OF",
  process: "LOCAL_PROCESS_OF",
  deployment: "LOCAL_DEPLOYMENT_OF",
} as const;

/** Seconds after which a command that waits for the emulator gives up. */
export const EMULATOR_SECONDS = { start: 60, save: 60, stop: 30 } as const;

/**
 * Seconds after which a command that waits for the supervisor gives up. Its end waits for the tasks', which have as long as their
 * definitions say.
 */
export const SUPERVISOR_SECONDS = { start: 60, stop: 60, steady: 300 } as const;

/** The same for the edge before the distribution. */
export const EDGE_SECONDS = { start: 60, stop: 15 } as const;

/** The emulator's address. It listens on the loopback interface alone. */
export function endpointUrl(port: number): string {
  return `http://127.0.0.1:${port}`;
}

/**
 * Environment of the emulator's process. Nothing else of the user's environment reaches it: its functions would inherit that,
 * AWS_ENDPOINT_URL and credentials above all.
 */
export function emulatorEnvironment(directory: LocalDirectory, port: number): Record<string, string> {
  const within = (name: string) => join(directory.data, name);
  return {
    // Functions run on the `node` of PATH: the same that runs this command.
    PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter),
    HOME: process.env["HOME"] ?? directory.path,
    LANG: "C.UTF-8",
    // Code of functions, and whatever else is temporary, ends with the directory.
    TMPDIR: within("tmp"),
    PYTHONUNBUFFERED: "1",
    PYTHONDONTWRITEBYTECODE: "1",
    LOG_LEVEL: "INFO",
    BIND_HOST: "127.0.0.1",
    GATEWAY_PORT: String(port),
    // IAM is enforced: a role can do what its policies say, no more.
    AUTH: "true",
    MINISTACK_ACCOUNT_ID: ACCOUNT.id,
    MINISTACK_REGION: ACCOUNT.region,
    PERSIST_STATE: "1",
    STATE_DIR: within("state"),
    S3_PERSIST: "1",
    S3_DATA_DIR: within("s3"),
    // What functions reach in their VPC, by its name there. Databases and caches come up after them: the file is read at each connection.
    NODE_OPTIONS: nodeOption("--require", PRELOAD),
    LOCAL_NAMES: directory.names,
    // Both would listen on every interface.
    IOT_MTLS_ENABLED: "0",
    SFTP_ENABLED: "0",
    REDIS_HOST: "127.0.0.1",
    // A socket that does not exist: with Docker at hand the emulator would remove the containers of other emulators.
    DOCKER_HOST: `unix://${within("no-docker.sock")}`,
  };
}

/** Variables that point AWS's SDKs and CLI, Terraform and cdktf at this environment. */
export function clientEnvironment(directory: LocalDirectory, port: number): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpointUrl(port),
    // The emulator's root user.
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: ACCOUNT.region,
    AWS_DEFAULT_REGION: ACCOUNT.region,
    AWS_EC2_METADATA_DISABLED: "true",
    CDKTF_OUTPUT: directory.synth,
    // The lock file would be made anew for every platform, from the internet.
    CDKTF_SKIP_PROVIDER_LOCK: "true",
    CHECKPOINT_DISABLE: "1",
    DISABLE_VERSION_CHECK: "1",
    TF_IN_AUTOMATION: "1",
    // Terraform's state belongs to the emulator's data, wherever these are.
    TF_CLI_ARGS_init: quote(`-backend-config=path=${directory.terraformState}`),
  };
}

/**
 * The same for a person's shell. Where the environment is in its usual place, the stack finds its state by itself, and the shell
 * stays fit for other stacks: what is said to `terraform init` holds for every stack.
 */
export function shellEnvironment(directory: LocalDirectory, port: number): Record<string, string> {
  const all = clientEnvironment(directory, port);
  const { TF_CLI_ARGS_init, CDKTF_OUTPUT, ...fitForOtherStacks } = all;
  return directory.usual ? fitForOtherStacks : all;
}

/** Would lead a command elsewhere, to a real account above all. */
const FOREIGN = [
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  "AWS_SESSION_TOKEN",
  "AWS_SECURITY_TOKEN",
  "AWS_ROLE_ARN",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
];

/**
 * Names of the variables that would lead a command elsewhere: the well-known ones, set or not, and `AWS_ENDPOINT_URL_<SERVICE>`,
 * which goes before AWS_ENDPOINT_URL, of each service that the user has set it for. A shell may take them as they are.
 *
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export function foreignVariables(): string[] {
  return [
    ...FOREIGN,
    ...Object.keys(process.env).filter((name) => /^AWS_ENDPOINT_URL_[A-Z0-9_]+$/.test(name)),
  ];
}

/**
 * Most of a deployment waits: the provider looks again after half a minute whether a load balancer, a database or a bucket's rule is
 * there, and a dozen of these keep Terraform's usual 10 places taken.
 */
const PARALLELISM = "-parallelism=30";

/** Environment of a deployment's processes: the user's, without what points elsewhere. */
export function deploymentEnvironment(
  directory: LocalDirectory,
  port: number,
): Record<string, string | undefined> {
  const foreign = new Set(foreignVariables());
  const inherited = Object.entries(process.env).filter(([name]) => !foreign.has(name));
  return {
    TF_CLI_ARGS_apply: PARALLELISM,
    TF_CLI_ARGS_destroy: PARALLELISM,
    ...Object.fromEntries(inherited),
    ...clientEnvironment(directory, port),
    [MARKS.deployment]: directory.path,
    // cdktf then prints lines and asks nothing.
    CI: "1",
  };
}
