import { createHash } from "node:crypto";
import type { Redis } from "iovalkey";
import type { CacheConnection } from "./cache";
import { hashSlot } from "./hash-slot";
import type { Script } from "./scripts";

/** One server of a cache. */
export interface CacheNode {
  readonly host: string;
  readonly port: number;
}

/** Nodes that are asked for one script, one sending to the next. */
const MOST_NODES = 4;

/**
 * Runs scripts on the node that has their keys: the first one asked, or the one that it names. A cache that is not sharded names none.
 *
 * By itself, as iovalkey's own cluster client also keeps a connection for messages, which it makes anew without a pause for as long as it is
 * refused, and lets commands pass before the server has taken the password.
 *
 * https://valkey.io/topics/cluster-spec/#redirection-and-resharding
 */
export class ShardedConnection implements CacheConnection {
  private readonly clients = new Map<string, Promise<Redis>>();
  private readonly places = new Map<number, CacheNode>();
  private closed = false;

  /**
   * @param first node that is asked for what is not known yet
   * @param connect connects and signs in to a node
   */
  constructor(
    private readonly first: CacheNode,
    private readonly connect: (node: CacheNode) => Promise<Redis>,
  ) {}

  /** Connects to the first node. */
  async open(): Promise<void> {
    await this.clientOf(this.first);
  }

  async run(script: Script, keys: readonly string[], values: readonly (string | number)[]): Promise<unknown> {
    // All keys of a script have one place.
    const slot = hashSlot(keys[0] ?? "");
    let node = this.places.get(slot) ?? this.first;
    let asking = false;
    for (let asked = 1; ; asked++) {
      const client = await this.clientOf(node);
      try {
        return await runScript(client, asking, script, keys, values);
      } catch (error) {
        const redirection = redirectionOf(error, node);
        if (!redirection || asked === MOST_NODES) throw error;
        node = redirection.node;
        // A key on its way to another node is asked for there, this once.
        asking = redirection.kind === "ASK";
        if (!asking) this.places.set(slot, node);
      }
    }
  }

  close(): void {
    this.closed = true;
    for (const client of this.clients.values()) {
      client.then((connected) => connected.disconnect()).catch(() => undefined);
    }
  }

  private clientOf(node: CacheNode): Promise<Redis> {
    const name = `${node.host}:${node.port}`;
    const known = this.clients.get(name);
    if (known) return known;
    const client = this.connect(node).then((connected) => {
      if (this.closed) connected.disconnect();
      return connected;
    });
    this.clients.set(name, client);
    return client;
  }
}

/** Names the script by its hash; a server that does not know it is sent it once. */
async function runScript(
  client: Redis,
  asking: boolean,
  { source, keys: count }: Script,
  keys: readonly string[],
  values: readonly (string | number)[],
): Promise<unknown> {
  const hash = createHash("sha1").update(source).digest("hex");
  const allow = () => {
    if (asking) client.asking().catch(() => undefined);
  };
  try {
    allow();
    return await client.evalsha(hash, count, ...keys, ...values);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error;
    allow();
    return client.eval(source, count, ...keys, ...values);
  }
}

/** Reads `MOVED 1234 cache-2.example.com:6379`; without a host it is that of the node that says so. */
function redirectionOf(error: unknown, from: CacheNode): { kind: string; node: CacheNode } | undefined {
  if (!(error instanceof Error)) return undefined;
  const [, kind, host, port] = /^(MOVED|ASK) \d+ (.*):(\d+)$/.exec(error.message) ?? [];
  if (kind === undefined || port === undefined) return undefined;
  return { kind, node: { host: host || from.host, port: Number(port) } };
}
