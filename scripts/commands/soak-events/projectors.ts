import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { unzipSync } from "fflate";
import { buildFunctions } from "../../../modules/internal/function-bundle";
import { ACCOUNT, type Surroundings } from "../bench-events/surroundings";
import { Worker } from "../bench-events/worker";
import { type Shop, TABLE } from "./shop";

/**
 * Unpacks the projector as it is deployed.
 *
 * @returns what starts it, in a process of its own each time
 */
export function projectorProgram(surroundings: Surroundings, { endpoint }: Shop): () => Promise<Worker> {
  const artifact = buildFunctions(surroundings.root)["order-history"];
  if (!artifact) throw new Error("functions/order-history is missing");
  // Within the project, so that nothing is resolved from elsewhere.
  const build = join(surroundings.root, ".build");
  mkdirSync(build, { recursive: true });
  const folder = mkdtempSync(join(build, "soak-events-"));
  surroundings.onEnd(() => rmSync(folder, { recursive: true, force: true }));
  for (const [file, code] of Object.entries(unzipSync(readFileSync(artifact.zipPath)))) {
    writeFileSync(join(folder, file), code);
  }
  const invoker = join(folder, "invoker.cjs");
  buildSync({
    ...{ bundle: true, platform: "node", target: "node20", format: "cjs", logLevel: "error" },
    ...{ entryPoints: [join(__dirname, "..", "bench-events", "invoker.ts")], outfile: invoker },
  });
  const env = {
    ...{ ...ACCOUNT, AWS_ENDPOINT_URL: endpoint, HISTORY_TABLE: TABLE },
    REBUILD_QUEUE_ARN: "arn:aws:sqs:eu-west-1:000000000000:order-history-rebuild",
    // Nothing fails for good here; what is sent there finds no queue, and comes again.
    FAILURES_QUEUE_URL: `${endpoint}/000000000000/order-history-failed`,
  };
  return async () => (await Worker.start([invoker, join(folder, "index.js"), "handler"], env)).worker;
}
