import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** How long a port is waited for that a process which was killed just now may still hold. */
const PATIENCE_MILLISECONDS = 2000;

/**
 * A TCP port on the loopback interface that nothing listens on.
 *
 * @param preferred taken if it is free, now or in a moment. @default any
 */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined) {
    for (const deadline = Date.now() + PATIENCE_MILLISECONDS; Date.now() < deadline; await sleep(50)) {
      if (await bind(preferred)) return preferred;
    }
  }
  for (;;) {
    const port = await bind(0);
    if (port) return port;
  }
}

/** @returns the port that could be bound, and is free again; undefined when it is taken */
function bind(port: number): Promise<number | undefined> {
  return new Promise((done) => {
    const server = createServer();
    server.once("error", () => done(undefined));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => done(typeof address === "object" && address ? address.port : undefined));
    });
  });
}
