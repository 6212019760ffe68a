import { CommandError } from "../cli";
import type { FunctionVersion, LambdaService, LiveAlias } from "./lambda";

/** A stand-in of Lambda for tests: functions with versions and an alias, in memory. */
export class MemoryLambda implements LambdaService {
  private readonly functions = new Map<string, { versions: FunctionVersion[]; live: LiveAlias }>();
  private revision = 0;

  /**
   * @param code of each version, oldest first; equal texts are equal code
   * @param live version that the alias leads to. @default the newest
   */
  add(deployedName: string, code: readonly string[], live = String(code.length)): void {
    const versions = code.map((text, index) => ({
      version: String(index + 1),
      publishedAt: `2026-11-0${index + 1}T10:00:00.000Z`,
      description: "",
      codeSha256: Buffer.from(text).toString("hex").padEnd(64, "0"),
      codeBytes: 10_000,
    }));
    this.functions.set(deployedName, { versions, live: { version: live, weights: {}, revisionId: "0" } });
  }

  /** As CodeDeploy moves an alias. */
  readonly moveAlias = async (deployedName: string, version: string, weights: LiveAlias["weights"]) => {
    this.known(deployedName).live = { version, weights, revisionId: String(++this.revision) };
  };

  async versions(deployedName: string): Promise<FunctionVersion[]> {
    return this.known(deployedName).versions;
  }

  async live(deployedName: string): Promise<LiveAlias> {
    return this.known(deployedName).live;
  }

  async moveLive(deployedName: string, from: LiveAlias, version: string): Promise<void> {
    if (this.known(deployedName).live.revisionId !== from.revisionId) throw new Error("moved meanwhile");
    await this.moveAlias(deployedName, version, {});
  }

  close(): void {}

  private known(deployedName: string) {
    const found = this.functions.get(deployedName);
    if (!found) throw new CommandError(`function ${deployedName}`, "is not deployed");
    return found;
  }
}
