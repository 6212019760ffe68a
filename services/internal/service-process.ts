import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** A service in a process of its own. */
export interface ServiceProcess {
  readonly child: ChildProcess;
  /** Where it listens. */
  readonly url: string;
  /** Its lines so far. */
  readonly lines: Record<string, unknown>[];
  /** Ends it, by SIGTERM unless said otherwise. @returns its exit code */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/**
 * For tests: starts a service in a process of its own, on a free port of loopback, and waits until it listens.
 *
 * @param command arguments of Node.js, e.g. `index.mjs`
 * @param cwd folder to run it in
 * @param variables environment besides `PORT`, `HOST` and `SERVICE_NAME`
 * @throws Error with what it said, when it ends before it listens
 */
export async function startServiceProcess(
  command: readonly string[],
  cwd: string,
  variables: Readonly<Record<string, string>>,
): Promise<ServiceProcess> {
  const child = spawn(process.execPath, command, {
    cwd,
    env: {
      PATH: process.env["PATH"],
      HOST: "127.0.0.1",
      PORT: "0",
      SERVICE_NAME: "test",
      DRAIN_SECONDS: "0",
      ...variables,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close");
  const lines: Record<string, unknown>[] = [];
  let complaint = "";
  child.stderr.on("data", (chunk) => {
    complaint += chunk;
  });
  const port = await new Promise<number>((listening, failed) => {
    let rest = "";
    child.stdout.on("data", (chunk) => {
      const parts = (rest + chunk).split("\n");
      rest = parts.pop() ?? "";
      for (const part of parts) {
        const line = JSON.parse(part) as Record<string, unknown>;
        lines.push(line);
        if (line["message"] === "listening") listening(line["port"] as number);
      }
    });
    ended.then(([code]) => failed(new Error(`ended with ${code}: ${complaint}`)));
  });
  return {
    child,
    url: `http://127.0.0.1:${port}`,
    lines,
    stop: async (signal = "SIGTERM") => {
      child.kill(signal);
      const [code] = await ended;
      return code as number | null;
    },
  };
}
