import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { STACK } from "../../scripts/commands/local/deploy";
import { type Edge, startEdge } from "../../scripts/commands/local/edge/edge";
import { EmulatedDistribution } from "../../scripts/commands/local/edge/emulated-distribution";
import type { Distribution } from "../../scripts/internal/cdn-model";
import { readDistribution } from "../../scripts/internal/synthesised-distribution";
import { environmentDirectory } from "./directory";
import { endpoints } from "./environment";
import { type Download, type DownloadOptions, download, downloads } from "./releases";

/** File of the stack as it was deployed. */
export function deployedStack(): string {
  return join(environmentDirectory().synth, STACK, "cdk.tf.json");
}

/**
 * A second edge before the deployed distribution, with an empty cache and a clock that the test moves: so objects expire without
 * waiting. All that is behind it is the environment's own.
 */
export class LaterEdge {
  /** The deployed distribution. */
  readonly distribution: Distribution = readDistribution(deployedStack(), STACK);
  private readonly folder = mkdtempSync(join(tmpdir(), "later-edge-"));
  private emulated: EmulatedDistribution | undefined;
  private edge: Edge | undefined;
  /** Milliseconds since 1970, by its clock: it stands still unless it is moved. */
  private now = Date.now();

  async start(): Promise<this> {
    const { distributionId } = downloads();
    const { endpoint } = endpoints();
    this.emulated = new EmulatedDistribution(endpoint, distributionId);
    this.edge = await startEdge({
      distribution: this.distribution,
      distributionId,
      domainName: await this.emulated.domainName(),
      endpoint,
      folder: join(this.folder, "objects"),
      clock: () => this.now,
      invalidations: this.emulated,
    });
    return this;
  }

  async end(): Promise<void> {
    await this.edge?.close();
    this.emulated?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Moves the clock. */
  pass(seconds: number): void {
    this.now += seconds * 1000;
  }

  /** Where clients ask, without a slash at the end. */
  get url(): string {
    if (this.edge === undefined) throw new Error("the edge has not been started");
    return this.edge.url;
  }

  /** How often it has asked the distribution in the emulator, which asks the application each time. */
  get originRequests(): number {
    return this.edge?.status.originRequests ?? 0;
  }

  /** Asks it. @param target path and query, sent as they are */
  download(target: string, options: DownloadOptions = {}): Promise<Download> {
    return download(target, { ...options, from: this.url });
  }
}
