import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { unzipSync } from "fflate";
import { buildFunctions } from "../../../modules/internal/function-bundle";
import { startTemporaryPostgres } from "../../internal/postgres-server";
import { startTemporaryEmulator } from "../../internal/temporary-emulator";
import { Worker } from "./worker";

/** Variables by which a client reaches an account that is none. */
export const ACCOUNT = {
  AWS_REGION: "eu-west-1",
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  // The deployed runtime is Node.js 22, where the AWS client has nothing to warn of.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
} as const;

/** What is measured finds its account on loopback: what each part needs is started when it asks for it, and ended with the rest. */
export class Surroundings {
  private readonly folder: string;
  private readonly cleanups: (() => Promise<unknown> | unknown)[] = [];
  private ending: Promise<void> | undefined;
  private emulator: Promise<string> | undefined;
  private table: Promise<string> | undefined;

  /** @param root folder of the project */
  constructor(readonly root: string) {
    // Within the project, so that nothing is resolved from elsewhere.
    const build = join(root, ".build");
    mkdirSync(build, { recursive: true });
    this.folder = mkdtempSync(join(build, "bench-events-"));
    this.cleanups.push(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  /** Ends what was started, the last first, and removes what was written. */
  end(): Promise<void> {
    this.ending ??= (async () => {
      for (let cleanup = this.cleanups.pop(); cleanup; cleanup = this.cleanups.pop()) await cleanup();
    })();
    return this.ending;
  }

  /** Has something ended with the rest. */
  onEnd(cleanup: () => Promise<unknown> | unknown): void {
    this.cleanups.push(cleanup);
  }

  /** Starts a PostgreSQL server with data of its own. */
  async startPostgres() {
    const postgres = await startTemporaryPostgres();
    this.onEnd(() => postgres.stop());
    return postgres;
  }

  /** The emulator's endpoint. */
  emulatorEndpoint(): Promise<string> {
    this.emulator ??= this.startEmulator();
    return this.emulator;
  }

  /** Endpoint of the table that stands for DynamoDB, and takes everything. */
  tableEndpoint(): Promise<string> {
    this.table ??= (async () => {
      const { worker, ready } = await Worker.start([this.bundled("table")], {});
      this.onEnd(() => worker.end());
      return String(ready);
    })();
    return this.table;
  }

  /** Starts a function as it is deployed, in a process of its own. @param name folder under functions/ */
  async startFunction(name: string, variables: Readonly<Record<string, string>>): Promise<Worker> {
    const artifact = buildFunctions(this.root)[name];
    if (!artifact) throw new Error(`functions/${name} is missing`);
    const folder = join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    for (const [file, code] of Object.entries(unzipSync(readFileSync(artifact.zipPath)))) {
      writeFileSync(join(folder, file), code);
    }
    return this.startHandler(join(folder, "index.js"), variables);
  }

  /** Starts one of the plain handlers beside this file, in a process of its own. */
  startPlain(name: string, variables: Readonly<Record<string, string>> = {}): Promise<Worker> {
    return this.startHandler(this.bundled(`plain/${name}`), variables);
  }

  private async startHandler(file: string, variables: Readonly<Record<string, string>>): Promise<Worker> {
    const args = [this.bundled("invoker"), file, "handler"];
    const { worker } = await Worker.start(args, { ...ACCOUNT, ...variables });
    this.onEnd(() => worker.end());
    return worker;
  }

  private async startEmulator(): Promise<string> {
    const { endpoint, stop } = await startTemporaryEmulator("bench-events");
    this.onEnd(stop);
    return endpoint;
  }

  /** Bundles a file beside this one as the functions are. @returns the bundle's path */
  private bundled(name: string): string {
    const outfile = join(this.folder, `${name.replace("/", "-")}.cjs`);
    buildSync({
      ...{ bundle: true, platform: "node", target: "node20", format: "cjs", minify: true },
      ...{ logLevel: "error", mainFields: ["module", "main"] },
      ...{ entryPoints: [join(__dirname, `${name}.ts`)], outfile },
    });
    return outfile;
  }
}
