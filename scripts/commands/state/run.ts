import { join } from "node:path";
import { checkEndpoint } from "../../internal/emulated-account";
import type { Backend } from "../../internal/state-backend";
import { synthesiseStacks } from "../../internal/synthesised-stack";
import { localDirectory } from "../local/directory";
import { withState } from "./backend";
import { openBucket } from "./bucket";
import type { StateOfEnvironment } from "./state";

interface Stack {
  readonly terraform: { readonly backend: Backend };
  readonly provider: { readonly aws: readonly { readonly allowed_account_ids: readonly string[] }[] };
}

/**
 * Reaches an environment's state, where its stack says it is.
 *
 * @param root folder of the project
 * @param environment name of the stack, e.g. `envs/prod`
 * @returns what `use` returns
 */
export async function withStateOf<T>(
  root: string,
  environment: string,
  use: (of: StateOfEnvironment) => Promise<T>,
): Promise<T> {
  const [stack] = synthesiseStacks<Stack>(root, [environment]) as readonly [Stack];
  const { backend } = stack.terraform;
  // A state in a file is there without the emulator.
  if (backend.s3) checkEndpoint(environment, stack.provider.aws[0]?.allowed_account_ids[0] ?? "");
  const backups = join(localDirectory(root).path, "state-backups", environment);
  return await withState(root, environment, backend, async (state) => {
    const bucket = backend.s3 && (await openBucket(backend.s3));
    try {
      return await use({ root, environment, backups, state, ...(bucket && { bucket }) });
    } finally {
      bucket?.close();
    }
  });
}
