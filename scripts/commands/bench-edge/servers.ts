import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A server in a process of its own. */
export interface MeasuredServer {
  readonly name: string;
  readonly url: string;
}

/** An origin, and what stands in front of it: a plain proxy and the edge, each in a process of its own. */
export class Servers {
  private readonly children: ChildProcess[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), "bench-edge-"));

  /** @param root folder of the project */
  constructor(private readonly root: string) {}

  /**
   * Starts them.
   *
   * @returns those that are measured, the plain proxy first
   * @throws Error with the server that ended by itself
   */
  async start(): Promise<MeasuredServer[]> {
    const origin = await this.spawn(join(__dirname, "origin.ts"));
    const proxy = await this.spawn(join(__dirname, "plain-proxy.ts"), origin);
    const edge = await this.spawn(
      join(this.root, "scripts/commands/local/edge/main.ts"),
      ...["--stack", join(this.root, "envs/testdata/envs-prod.json")],
      ...["--distribution", "EDFDVBD6EXAMPLE", "--domain-name", "d111111abcdef8.cloudfront.net"],
      ...["--endpoint", origin, "--folder", join(this.folder, "objects")],
    );
    return [
      { name: "plain proxy", url: proxy },
      { name: "edge, from the cache", url: edge },
      { name: "origin itself", url: origin },
    ];
  }

  /** Ends them. */
  async end(): Promise<void> {
    await Promise.all(
      this.children.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, "exit");
        child.kill();
        await ended;
      }),
    );
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** @returns where it listens */
  private async spawn(file: string, ...args: readonly string[]): Promise<string> {
    const loader = join(this.root, "node_modules/tsx/dist/loader.mjs");
    const child = spawn(process.execPath, ["--import", loader, file, ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.children.push(child);
    const ended = once(child, "exit").then(([code]) => {
      throw new Error(`${file} ended by itself with code ${code}`);
    });
    const [line] = (await Promise.race([once(child.stdout, "data"), ended])) as [Buffer];
    // It ends when the benchmark does.
    ended.catch(() => undefined);
    return `http://127.0.0.1:${(JSON.parse(line.toString()) as { port: number }).port}`;
  }
}
