/**
 * What errors of AWS clients mean to a command's user.
 *
 * @module
 */

import { CommandError, EXIT } from "./cli";
import { TO_EMULATOR } from "./emulated-account";

/** Names of errors by which AWS says that these credentials do not allow it. */
export const NOT_ALLOWED: ReadonlySet<string> = new Set(["AccessDenied", "AccessDeniedException"]);

/** Names of errors by which the SDK or AWS says that credentials are missing, have expired or are wrong. */
export const BAD_CREDENTIALS: ReadonlySet<string> = new Set([
  "CredentialsProviderError",
  "TokenProviderError",
  "ExpiredToken",
  "ExpiredTokenException",
  "RequestExpired",
  "InvalidClientTokenId",
  "UnrecognizedClientException",
  "InvalidAccessKeyId",
  "IncompleteSignature",
  "SignatureDoesNotMatch",
]);

/** What was being done when a call failed. */
export interface FailedCall {
  /** E.g. `Lambda`. */
  readonly service: string;
  /** What it was about, e.g. `function acme-prod-todos-v1`. */
  readonly place: string;
  /** Actions that the call needs, e.g. `lambda:GetAlias`. */
  readonly rights: string;
}

/**
 * Says in a command's words what a client of AWS has failed with. A shell with AWS_ENDPOINT_URL is told how to get to the emulator.
 *
 * @returns a CommandError; the error itself when it is none of AWS's
 */
export function explainAwsFailure(error: unknown, { service, place, rights }: FailedCall): unknown {
  if (!(error instanceof Error) || error instanceof CommandError) return error;
  const { name, message } = error;
  const { code, $metadata } = error as Error & { code?: string; $metadata?: unknown };
  const endpoint = process.env["AWS_ENDPOINT_URL"];
  if (NOT_ALLOWED.has(name)) {
    const mend = endpoint
      ? `allow them ${rights} on it; the administrator of the local environment is eval "$(scripts/local env)", without --user`
      : `allow them ${rights} on it, or log in to the environment's account`;
    return new CommandError(place, `these credentials are refused: ${message}`, mend, EXIT.credentials);
  }
  if (BAD_CREDENTIALS.has(name)) {
    return new CommandError(
      "AWS",
      `the credentials are missing, have expired or are wrong (${name})`,
      endpoint ? TO_EMULATOR : "log in, e.g. aws sso login, then run the same command again",
      EXIT.credentials,
    );
  }
  if (code === "ECONNREFUSED" || code === "ENOTFOUND") {
    if (!endpoint) return new CommandError(service, `could not be reached: ${message || code}`);
    return new CommandError("emulator", `does not answer at ${endpoint}: ${message || code}`, TO_EMULATOR);
  }
  return $metadata === undefined ? error : new CommandError(place, `${service} answered ${name}: ${message}`);
}
