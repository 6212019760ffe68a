/**
 * Valkey servers for tests.
 *
 * @module
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { localDirectory } from "../commands/local/directory";
import { emulatorPython } from "./temporary-emulator";
import {
  runningValkey,
  startValkey,
  stopValkey,
  type ValkeyOptions,
  type ValkeyServer,
  valkeyProgram,
} from "./valkey-server";

const ROOT = resolve(__dirname, "../..");

/** A server of one test. */
export interface TemporaryValkey extends ValkeyServer {
  readonly folder: string;
  /** Kills the server and waits until it is gone. */
  kill(): Promise<void>;
  /** Starts it again, empty, on the same port. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/**
 * Starts a server that writes nothing to disk. Its program is installed first where it is missing, which takes a minute.
 *
 * @param settings of valkey.conf, e.g. `{ "cluster-enabled": "yes" }`. @default none
 */
export async function startTemporaryValkey(
  settings: ValkeyOptions["settings"] = {},
): Promise<TemporaryValkey> {
  // Where the local environments of this checkout have theirs, wherever the tests of today keep their data.
  const directory = localDirectory(ROOT, join(ROOT, ".local"));
  const program = valkeyProgram(await emulatorPython(directory));
  const folder = mkdtempSync(join(tmpdir(), "valkey-"));
  const start = (port?: number) =>
    startValkey(folder, {
      program,
      settings: { appendonly: "no", ...settings },
      ...(port !== undefined && { port }),
    });
  const stop = async () => {
    await stopValkey(folder);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const server = await start();
    return {
      ...server,
      folder,
      stop,
      async kill() {
        const running = runningValkey(folder);
        if (running) process.kill(running.process.pid, "SIGKILL");
        await stopValkey(folder);
      },
      async restart() {
        await start(server.port);
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
