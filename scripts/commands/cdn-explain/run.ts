import { readDistribution, synthesiseDistribution } from "../../internal/synthesised-distribution";
import { checkEnvironmentName } from "../../internal/synthesised-stack";
import { explain } from "./explain";
import { readHeaders, readRequest } from "./input";
import { describeExplanation } from "./show";

/** What the command is told besides environment and URL. */
export interface RunOptions {
  /** Headers of the request, as curl takes them. */
  readonly header: readonly string[];
  /** Headers of the origin's answer. */
  readonly response: readonly string[];
  readonly status: number;
  readonly method: string;
  readonly country?: string;
  /** A synthesised stack. @default the environments are synthesised */
  readonly stack?: string;
  readonly json: boolean;
}

/**
 * Explains a request.
 *
 * @param root folder of the project
 * @returns what the command prints
 * @throws CommandError
 */
export function run(root: string, environment: string, url: string, options: RunOptions): string {
  checkEnvironmentName(environment);
  const headers = readHeaders("-H", options.header);
  const responseHeaders = readHeaders("--response", options.response);
  const distribution =
    options.stack === undefined
      ? synthesiseDistribution(root, environment)
      : readDistribution(options.stack, environment);
  const explanation = explain(distribution, {
    request: readRequest(url, distribution, { method: options.method, headers }),
    response: { status: options.status, headers: responseHeaders },
    ...(options.country !== undefined && { country: options.country }),
    now: Date.now(),
  });
  return options.json ? JSON.stringify(explanation, null, 2) : describeExplanation(explanation);
}
