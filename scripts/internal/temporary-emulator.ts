/**
 * The emulator alone, without a deployment, for tests and benchmarks.
 *
 * @module
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type LocalDirectory, localDirectory } from "../commands/local/directory";
import { startEmulator, stopEmulator } from "../commands/local/emulator";
import { ensureVirtualEnvironment, requirementsHash } from "../commands/local/python";
import { clientEnvironment, endpointUrl } from "../commands/local/settings";
import { checkTools } from "../commands/local/tools";

const ROOT = resolve(__dirname, "../..");

/** An emulator that knows nothing yet. */
export interface TemporaryEmulator {
  /** What it keeps is here; there is room for what belongs to it. */
  readonly directory: LocalDirectory;
  /** URL of all its services. */
  readonly endpoint: string;
  /** Variables that point AWS's SDKs and CLI at it. */
  readonly variables: Readonly<Record<string, string>>;
  /** Ends it and removes what it has kept. */
  stop(): Promise<void>;
}

/**
 * Starts an emulator with data of its own in a temporary folder. It is installed first where it is missing, which takes a minute.
 *
 * @param name begins the folder's, e.g. `messaging`
 * @throws CommandError with the emulator's last words when it does not start; nothing of it is left then
 */
export async function startTemporaryEmulator(name: string): Promise<TemporaryEmulator> {
  const directory = localDirectory(ROOT, mkdtempSync(join(tmpdir(), `${name}-`)));
  const stop = async () => {
    await stopEmulator(directory);
    rmSync(directory.path, { recursive: true, force: true });
  };
  try {
    const { port } = await startEmulator(directory, await emulatorPython(directory));
    const variables = clientEnvironment(directory, port);
    return { directory, endpoint: endpointUrl(port), variables, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Python of the virtual environment that the emulator and Valkey run in. @param directory of any environment of the checkout */
export function emulatorPython(directory: LocalDirectory): Promise<string> {
  // Looking for Python takes longer than the rest: only where it is needed.
  const installed = existsSync(join(directory.virtualEnvironments, requirementsHash(), "complete"));
  return ensureVirtualEnvironment(directory, installed ? "" : checkTools().python, () => undefined);
}
