import { EXIT, exitCodeOf } from "../../internal/cli";
import { readJson } from "../../internal/json-file";
import { stackFile, withSynthesised } from "../../internal/synthesised-stack";
import { localDirectory } from "../local/directory";
import { awsChecks } from "./aws";
import { type Finding, ok, problemsOf, runChecks } from "./check";
import { localCheck } from "./local";
import { machineChecks, thisMachine } from "./machine";
import type { Stack } from "./stack";

/** The environment that a laptop has. */
const LOCAL = "envs/local";

/** What is looked at, and how. */
export interface DoctorOptions {
  /** E.g. `envs/prod`. @default the machine and the local environment alone */
  readonly environment?: string;
  /** Where the local environment is. @default .local */
  readonly directory?: string;
  /** That each check has. */
  readonly timeoutSeconds: number;
}

/** Looks at everything. @param root folder of the project */
export async function examine(root: string, options: DoctorOptions): Promise<Finding[]> {
  const { environment = LOCAL, timeoutSeconds } = options;
  const machine = await runChecks(machineChecks(thisMachine(root, timeoutSeconds)), timeoutSeconds);
  let stack: Stack;
  try {
    stack = withSynthesised(root, (folder) => readJson<Stack>(stackFile(folder, environment)) as Stack);
  } catch (error) {
    if (exitCodeOf(error) === EXIT.usage) throw error;
    return [...machine, ...problemsOf("project", error)];
  }
  const checks =
    environment === LOCAL
      ? [localCheck(localDirectory(root, options.directory), stack)]
      : awsChecks(environment, stack);
  return [...machine, ok("project", "synthesises"), ...(await runChecks(checks, timeoutSeconds))];
}
