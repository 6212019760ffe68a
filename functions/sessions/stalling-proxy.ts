import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** For tests: stands between a client and a server, and can stall. */
export interface StallingProxy {
  readonly port: number;
  /** Passes nothing on any more, over connections that there are and those to come; keeps them open. */
  stall(): void;
  /** Passes nothing on over the connections that there are, as a network that has forgotten them; others work. */
  forget(): void;
  /** Works again, for new connections. */
  resume(): void;
  /** Connections accepted so far. */
  accepted(): number;
  close(): Promise<void>;
}

/** Starts a proxy before a port of the loopback interface. */
export async function startStallingProxy(target: number): Promise<StallingProxy> {
  const sockets = new Set<Socket>();
  let passing = { on: true };
  let accepted = 0;
  const server = createServer((client) => {
    accepted += 1;
    const mine = passing;
    const upstream = connect(target, "127.0.0.1");
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on("data", (data) => {
        if (mine.on) to.write(data);
      });
      from.on("error", () => undefined);
      from.on("close", () => {
        if (mine.on) to.destroy();
      });
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    stall() {
      passing.on = false;
    },
    forget() {
      passing.on = false;
      passing = { on: true };
    },
    resume() {
      passing = { on: true };
    },
    accepted: () => accepted,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
