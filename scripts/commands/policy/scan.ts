import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { CommandError, CommandErrors } from "../../internal/cli";

/** What starts checkov as this project needs it. Its head says why. */
const PROGRAM = join(__dirname, "checkov", "scan.py");

/** What checkov's environment holds, pinned with hashes. */
export const REQUIREMENTS = join(__dirname, "checkov", "requirements.txt");

/** A stack to hold against the checks. */
export interface StackFile {
  /** Its name, e.g. `envs/prod`. */
  readonly stack: string;
  /** Its cdk.tf.json. */
  readonly file: string;
}

/** What one check says of one resource. */
export interface Finding {
  /** e.g. `CKV_AWS_18` */
  readonly check: string;
  /** What the check wants, in checkov's words. */
  readonly title: string;
  /** As checkov names it, e.g. `aws_s3_bucket.access-logs_bucket_1581D030`; for some checks `resource` in place of the type. */
  readonly resource: string;
  /** Construct path below the stack, e.g. `access-logs/bucket`; of a provider `provider.aws`. */
  readonly path: string;
  /** `unknown`: the check left it open, as most do for what is not their concern. */
  readonly result: "passed" | "failed" | "unknown";
}

/** All that was found in one stack. */
export interface StackScan {
  readonly stack: string;
  readonly findings: readonly Finding[];
}

/**
 * Holds stacks against all checks of checkov. Nothing is read from the network.
 *
 * @param python of the virtual environment that holds REQUIREMENTS
 * @throws CommandErrors naming each check that could not be run, and each stack that no check had anything to say about: neither
 *   may look like a stack without faults
 */
export function scanStacks(python: string, stacks: readonly StackFile[]): readonly StackScan[] {
  const { status, stdout, stderr } = spawnSync(python, [PROGRAM, ...stacks.map(({ file }) => file)], {
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
  });
  if (status !== 0) {
    throw new CommandError("checkov", `ended with code ${status}:\n${stderr.trimEnd()}`);
  }
  const answers = stdout.trimEnd().split("\n");
  const scans = stacks.map(({ stack }, index) => {
    const { findings, errors } = JSON.parse(answers[index] as string) as {
      readonly findings: readonly Finding[];
      readonly errors: readonly string[];
    };
    const silent = findings.some(({ result }) => result === "passed") ? [] : ["passed nothing at all"];
    return { stack, findings, problems: [...errors, ...silent] };
  });
  const problems = scans.flatMap((scan) =>
    scan.problems.map((problem) => new CommandError(`checkov, ${scan.stack}`, problem)),
  );
  if (problems.length > 0) throw new CommandErrors(problems);
  return scans.map(({ stack, findings }) => ({ stack, findings }));
}
