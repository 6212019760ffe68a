import { CommandError, EXIT } from "../../internal/cli";
import { withoutSecrets } from "../../internal/plan";

/** An error of Terraform's. */
export interface Diagnostic {
  readonly summary: string;
  readonly detail?: string;
  /** Address of the resource that it is about. */
  readonly address?: string;
}

interface Known {
  readonly pattern: RegExp;
  readonly what: string;
  readonly mend: (environment: string) => string;
  /** @default EXIT.failed */
  readonly exitCode?: number;
}

const AGAIN = (environment: string) =>
  `make the plan again and have it reviewed: scripts/diff ${environment} --out <folder>`;

/** What Terraform, its backend and the provider say, and what it means here. */
const KNOWN: readonly Known[] = [
  {
    pattern: /saved plan is stale/i,
    what: "the plan is stale: the environment was changed after it was made",
    mend: AGAIN,
  },
  {
    pattern: /saved plan does not match the given state|workspace .* plan|plan .* different workspace/i,
    what: "the plan is of another state",
    mend: AGAIN,
  },
  {
    pattern: /inconsistent dependency lock file|external dependency selections/i,
    what: "the plan was made with other providers than are installed here",
    mend: AGAIN,
  },
  {
    pattern: /AWS account ID not allowed/i,
    what: "the credentials are another account's than the plan's",
    mend: () => "log in to that account",
    exitCode: EXIT.credentials,
  },
  {
    pattern:
      /no valid credential sources|failed to (?:refresh cached|retrieve) credentials|SSO session|Expired(?:Token|Session)|RequestExpired|InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|SignatureDoesNotMatch/i,
    what: "the credentials are missing, have expired or are wrong",
    mend: () => "log in to the environment's account, e.g. aws sso login",
    exitCode: EXIT.credentials,
  },
  {
    pattern: /error acquiring the state lock/i,
    what: "another run holds the lock of the state",
    mend: (environment) => `wait for its end; after one that was killed: scripts/state unlock ${environment}`,
  },
  {
    pattern: /backend (?:configuration changed|initialization required)/i,
    what: "the state is kept elsewhere than when the plan was made",
    mend: AGAIN,
  },
];

/**
 * What Terraform has failed with, in this command's words where it is known.
 *
 * @param began whether something may have been changed
 */
export function explainFailure(
  environment: string,
  diagnostics: readonly Diagnostic[],
  began: boolean,
): CommandError {
  const text = diagnostics.map(({ summary, detail = "" }) => `${summary}\n${detail}`).join("\n");
  const known = KNOWN.find(({ pattern }) => pattern.test(text.replace(/\s+/g, " ")));
  const words = diagnostics.map(describe).join("\n  ");
  if (known && !began) {
    const lock = /^\s*ID:\s*(\S+)/m.exec(text)?.[1];
    const what = lock === undefined ? known.what : `${known.what}, ${lock}`;
    return new CommandError(environment, what, known.mend(environment), known.exitCode);
  }
  if (!began) return new CommandError(environment, `Terraform failed, nothing was changed:\n  ${words}`);
  return new CommandError(
    environment,
    `Terraform failed half-way:\n  ${words}\n`,
    `what was done is in its state, the plan is used up: mend the cause, then ${AGAIN(environment)}`,
    known?.exitCode,
  );
}

/** In the log of a pipeline others read it: the provider may have put a value into its words. */
function describe({ summary, detail, address }: Diagnostic): string {
  const place = address === undefined ? "" : `${address}: `;
  return withoutSecrets(`${place}${summary}${detail ? `: ${detail.trim().replaceAll("\n", "\n  ")}` : ""}`);
}

/** Errors in what Terraform prints for people: each begins with `Error:`, in a frame. */
export function diagnosticsOf(words: string): Diagnostic[] {
  const lines = words.split("\n").map((line) => line.replace(/^\s*[╷│╵]\s?/, "").trimEnd());
  const text = lines.join("\n").trim();
  const [, ...errors] = text.split(/^Error: /m);
  if (errors.length === 0) return [{ summary: text || "it said nothing" }];
  return errors.map((error) => {
    const [summary = "", ...detail] = error.trim().split("\n");
    return { summary, detail: detail.join("\n").trim() };
  });
}
