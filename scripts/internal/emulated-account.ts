/**
 * The account that emulators have and AWS has not.
 *
 * @module
 */
import { CommandError } from "./cli";

const EMULATED = "000000000000";

/** What leads a shell to the emulator, when it does not run or the shell does not know it. */
export const TO_EMULATOR = 'run scripts/local up, then eval "$(scripts/local env)"';

/** Whether an account is that of emulators. */
export function isEmulated(accountId: string): boolean {
  return accountId === EMULATED;
}

/**
 * A shell that speaks to the emulator must not change a real account's environment, nor one that speaks to AWS the local one's.
 *
 * @param environment e.g. `envs/prod`
 * @param accountId of the environment
 * @throws CommandError naming the other shell
 */
export function checkEndpoint(environment: string, accountId: string): void {
  const endpoint = process.env["AWS_ENDPOINT_URL"];
  if (isEmulated(accountId) && !endpoint) {
    throw new CommandError(environment, "is local, and AWS_ENDPOINT_URL names no emulator", TO_EMULATOR);
  }
  if (!isEmulated(accountId) && endpoint) {
    throw new CommandError(
      environment,
      `is of account ${accountId}, but AWS_ENDPOINT_URL is ${endpoint}`,
      "use another shell than that of scripts/local env",
    );
  }
}
