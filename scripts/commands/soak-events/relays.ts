import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { buildServices } from "../../../modules/internal/service-bundle";
import { type ServiceProcess, startServiceProcess } from "../../../services/internal/service-process";
import { BUS, STREAM } from "../bench-events/shop";
import { ACCOUNT, type Surroundings } from "../bench-events/surroundings";
import { gap, type Kills } from "./kills";
import type { Shop } from "./shop";

/** One is active, the other stands by. */
const COUNT = 2;

/** The relays as they are deployed, each in a process of its own, of which one is killed and started again at random. */
export class Relays {
  /** How often one was killed. */
  kills = 0;
  private readonly running = new Set<ServiceProcess>();
  private readonly starting = new Set<Promise<unknown>>();
  private stopped = false;

  private constructor(private readonly startProcess: () => Promise<ServiceProcess>) {}

  static async start(surroundings: Surroundings, { endpoint, databaseVariables }: Shop): Promise<Relays> {
    const artifact = buildServices(surroundings.root)["orders"];
    if (!artifact) throw new Error("services/orders is missing");
    const command = [join(artifact.folder, "index.mjs"), "relay"];
    const variables = {
      ...{ ...ACCOUNT, AWS_ENDPOINT_URL: endpoint, NODE_ENV: "production", ...databaseVariables },
      ...{ SERVICE_NAME: "order-relay", METRICS_NAMESPACE: "soak" },
      ...{ STREAM_NAME: STREAM, EVENT_BUS_NAME: BUS },
    };
    const relays = new Relays(() => startServiceProcess(command, surroundings.root, variables));
    surroundings.onEnd(() => relays.stop("SIGKILL"));
    for (let count = 0; count < COUNT; count++) relays.startOne();
    await Promise.all(relays.starting);
    return relays;
  }

  /** Kills one after the other, until it is told to stop. Each is started again at once. */
  async killAtRandom({ random, meanMilliseconds, signal }: Kills): Promise<void> {
    while (!signal.aborted) {
      await wait(gap(random, meanMilliseconds), undefined, { signal }).catch(() => undefined);
      const chosen = [...this.running][Math.floor(random() * this.running.size)];
      if (signal.aborted || !chosen) continue;
      this.running.delete(chosen);
      await chosen.stop("SIGKILL");
      this.kills++;
      this.startOne();
    }
  }

  /** Ends them for good. @throws what kept one from starting */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    this.stopped = true;
    const started = await Promise.allSettled(this.starting);
    await Promise.all([...this.running].map((relay) => relay.stop(signal)));
    this.running.clear();
    for (const each of started) if (each.status === "rejected") throw each.reason;
  }

  private startOne(): void {
    if (this.stopped) return;
    const starting = this.startProcess().then((relay) => {
      this.running.add(relay);
      this.starting.delete(starting);
    });
    // What fails stays, and is told of by `stop`.
    starting.catch(() => undefined);
    this.starting.add(starting);
  }
}
