import { Cluster, Redis, type RedisOptions } from "iovalkey";
import type { CircuitBreaker } from "../../runtime";
import type { Cache } from "./read-through";

/** Where the cache is. */
export interface CacheAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** The keys are spread over shards: the client asks for their places, and goes to each itself. */
  readonly sharded: boolean;
  readonly username?: string;
  readonly password?: string;
}

/** What the cache works with. */
export interface ValkeyCacheConfig extends CacheAddress {
  /** Keeps calls from a cache that has failed. */
  readonly breaker: CircuitBreaker;
  /** Called when the breaker opens, with the error that did it. */
  readonly onFailing: (error: unknown) => void;
  /** Milliseconds that a command may take: the catalog is asked instead. @default 100 */
  readonly commandMilliseconds?: number;
}

/** Milliseconds without an answer after which a connection is given up: the network may have forgotten it. */
const SILENCE_MILLISECONDS = 1000;
const LONGEST_PAUSE_MILLISECONDS = 5000;

/**
 * A cache in Valkey. Never fails and never keeps anybody waiting: what cannot be read in time is not there, what cannot be written is not
 * kept.
 */
export class ValkeyCache implements Cache {
  private readonly client: Redis | Cluster;

  constructor(private readonly config: ValkeyCacheConfig) {
    this.client = config.sharded ? cluster(config) : single(config);
    // What it says of itself between commands; a command that fails says so again.
    this.client.on("error", () => undefined);
  }

  async get(key: string): Promise<string | undefined> {
    return (await this.run(() => this.client.get(key))) ?? undefined;
  }

  async set(key: string, value: string, milliseconds: number): Promise<void> {
    await this.run(() => this.client.set(key, value, "PX", Math.max(1, Math.round(milliseconds))));
  }

  close(): void {
    this.client.disconnect();
  }

  private async run<T>(command: () => Promise<T>): Promise<T | undefined> {
    const { breaker, onFailing } = this.config;
    // Not connected: it connects by itself, and nobody waits for that.
    if (this.client.status !== "ready" || !breaker.allows()) return undefined;
    try {
      const result = await command();
      breaker.succeeded();
      return result;
    } catch (error) {
      if (breaker.failed()) onFailing(error);
      return undefined;
    }
  }
}

function single(config: ValkeyCacheConfig): Redis {
  const { host, port } = config;
  return new Redis({ ...commonOptions(config), host, port, retryStrategy: pauseBefore });
}

function cluster(config: ValkeyCacheConfig): Cluster {
  const { host, port, tls } = config;
  return new Cluster([{ host, port }], {
    clusterRetryStrategy: pauseBefore,
    enableReadyCheck: false,
    enableOfflineQueue: false,
    maxRedirections: 3,
    // Nodes name themselves as their certificates do: https://github.com/redis/ioredis#special-note-aws-elasticache-clusters-with-tls
    ...(tls && { dnsLookup: (name, found) => found(null, name) }),
    redisOptions: commonOptions(config),
  });
}

function commonOptions({
  tls,
  username,
  password,
  commandMilliseconds = 100,
}: ValkeyCacheConfig): RedisOptions {
  return {
    commandTimeout: commandMilliseconds,
    socketTimeout: SILENCE_MILLISECONDS,
    connectTimeout: SILENCE_MILLISECONDS,
    // Nothing waits or is tried again in here: the catalog is asked instead.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    // Asks INFO, which the user need not be allowed; a server that is loading says so to any command.
    enableReadyCheck: false,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(tls && { tls: { minVersion: "TLSv1.2" as const } }),
  };
}

/** Milliseconds before the next attempt to connect: longer each time, and at random, so that tasks do not come together. */
function pauseBefore(attempt: number): number {
  return Math.random() * Math.min(50 * 2 ** Math.min(attempt, 20), LONGEST_PAUSE_MILLISECONDS) + 1;
}
