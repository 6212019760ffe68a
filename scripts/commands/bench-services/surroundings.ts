import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, buildSync } from "esbuild";
import { buildServices } from "../../../modules/internal/service-bundle";
import { TestUserPool } from "../../../services/internal/test-user-pool";
import { openDatabase } from "../../../services/orders/database";
import { migrate } from "../../../services/orders/migrator";
import { MIGRATION_TIMEOUTS } from "../../../services/orders/timeouts";
import { EXIT } from "../../internal/cli";
import { startTemporaryPostgres } from "../../internal/postgres-server";
import { startTemporaryValkey } from "../../internal/temporary-valkey";

const ROLE = { name: "orders_app", password: "only-for-the-benchmark" };
/** As the services are built, but for where the entry is. */
const BUNDLING: BuildOptions = {
  ...{ bundle: true, platform: "node", target: "node20", format: "esm", minify: true, logLevel: "error" },
  mainFields: ["module", "main"],
  banner: {
    js: 'import { createRequire as createRequireOfBundle } from "node:module"; const require = createRequireOfBundle(import.meta.url);',
  },
};

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A server in a process of its own. */
export interface Started {
  /** Its address. */
  readonly url: string;
  readonly pid: number;
}

/**
 * What the services find in an account, on loopback: a real PostgreSQL with the orders' tables, a real Valkey, a user pool with real keys;
 * stand-ins of DynamoDB, the sessions API and the catalog. And the services, each in a process of its own.
 */
export class Surroundings {
  private readonly children: ChildProcess[] = [];
  private readonly cleanups: (() => Promise<void> | void)[] = [];
  private environment: Readonly<Record<string, string>> = {};

  private constructor(
    private readonly root: string,
    private readonly folder: string,
    private readonly pool: TestUserPool,
  ) {}

  /** A signal ends them, too, and the process with them. @param root folder of the project */
  static async start(root: string): Promise<Surroundings> {
    // Within the project, so that nothing is resolved from elsewhere.
    const build = join(root, ".build");
    mkdirSync(build, { recursive: true });
    const folder = mkdtempSync(join(build, "bench-services-"));
    const surroundings = new Surroundings(root, folder, await TestUserPool.start());
    // PostgreSQL and Valkey have left the process group: what interrupts this process does not reach them.
    for (const signal of SIGNALS) process.once(signal, surroundings.onSignal);
    try {
      await surroundings.prepare();
      return surroundings;
    } catch (error) {
      await surroundings.end();
      throw error;
    }
  }

  /** An ID token of user-1. */
  token(): string {
    return this.pool.token();
  }

  /** Starts a service as it is deployed. */
  async startService(name: string): Promise<Started> {
    const artifact = buildServices(this.root)[name];
    if (!artifact) throw new Error(`services/${name} is missing`);
    return this.spawn(join(artifact.folder, "index.mjs"), name);
  }

  /** Starts one of the plain servers beside this file. */
  async startPlain(name: string): Promise<Started> {
    return this.spawn(this.bundled(`plain/${name}`), name);
  }

  /** Ends everything and removes what was written. */
  async end(): Promise<void> {
    for (const signal of SIGNALS) process.off(signal, this.onSignal);
    for (const child of this.children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    }
    for (const cleanup of this.cleanups.reverse()) await cleanup();
    await this.pool.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private readonly onSignal = () => {
    void this.end().finally(() => process.exit(EXIT.interrupted));
  };

  private async prepare(): Promise<void> {
    const postgres = await startTemporaryPostgres();
    this.cleanups.push(() => postgres.stop());
    const database = openDatabase<unknown>({
      ...{ host: "127.0.0.1", port: postgres.port, name: postgres.user, user: postgres.user },
      ...{ password: async () => postgres.password, poolSize: 2, timeouts: MIGRATION_TIMEOUTS },
    });
    await migrate({ database, role: ROLE, pause: async () => undefined });
    await database.destroy();
    const valkey = await startTemporaryValkey();
    this.cleanups.push(() => valkey.stop());
    const { url: standIns } = await this.spawn(this.bundled("stand-ins"), "stand-ins");
    this.environment = {
      ...this.pool.environment,
      ...{ PRODUCTS_TABLE: "products", AWS_ENDPOINT_URL_DYNAMODB: standIns },
      ...{ CATALOG_URL: standIns, ORDERS_URL: standIns, SESSIONS_URL: standIns },
      ...{ DATABASE_HOST: "127.0.0.1", DATABASE_PORT: String(postgres.port), DATABASE_NAME: postgres.user },
      ...{ DATABASE_USER: ROLE.name, DATABASE_PASSWORD: ROLE.password, DATABASE_TLS: "off" },
      ...{ DATABASE_AUTHENTICATION: "password", DATABASE_POOL_SIZE: "10" },
      ...{ CACHE_HOST: "127.0.0.1", CACHE_PORT: String(valkey.port), CACHE_TLS: "off" },
    };
  }

  private bundled(name: string): string {
    const outfile = join(this.folder, `${name.replace("/", "-")}.mjs`);
    buildSync({ ...BUNDLING, entryPoints: [join(__dirname, `${name}.ts`)], outfile });
    return outfile;
  }

  /** @throws Error with what the process wrote when it ends by itself */
  private async spawn(file: string, service: string): Promise<Started> {
    const child = spawn(process.execPath, [file], {
      env: {
        ...this.environment,
        ...{
          PORT: "0",
          HOST: "127.0.0.1",
          SERVICE_NAME: service,
          AWS_REGION: "eu-west-1",
          NODE_ENV: "production",
        },
        ...{ AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.children.push(child);
    let text = "";
    return new Promise((done, failed) => {
      child.once("exit", (code) =>
        failed(new Error(`${file} ended by itself with ${code}: ${text.slice(-500)}`)),
      );
      child.stderr.on("data", (chunk) => {
        text += chunk;
      });
      child.stdout.on("data", (chunk) => {
        if (text.length < 10_000) text += chunk;
        const line = text.split("\n").find((candidate) => candidate.includes('"listening"'));
        if (line === undefined) return;
        const { port } = JSON.parse(line) as { port: number };
        done({ url: `http://127.0.0.1:${port}`, pid: child.pid ?? 0 });
      });
    });
  }
}
