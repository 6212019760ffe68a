import { setTimeout as sleep } from "node:timers/promises";

/** What has come of a load. */
export interface Load {
  /** How many requests were made so far. */
  count(): number;
  /** Ends it, once the requests under way are answered. @throws what a request threw first */
  end(): Promise<void>;
}

/** Milliseconds between a client's requests: enough that a busy machine keeps up. */
const PAUSE = 40;

/**
 * Makes clients ask again and again, one request after another each, beside whatever is done meanwhile.
 *
 * @param ask one request of a client, by the number of the request
 */
export function startLoad(clients: number, ask: (index: number) => Promise<void>): Load {
  let ending = false;
  let next = 0;
  const running = Array.from({ length: clients }, async () => {
    while (!ending) {
      await ask(next++);
      await sleep(PAUSE);
    }
  });
  const all = Promise.all(running);
  // Told by end().
  all.catch(() => {
    ending = true;
  });
  return {
    count: () => next,
    end: async () => {
      ending = true;
      await all;
    },
  };
}
