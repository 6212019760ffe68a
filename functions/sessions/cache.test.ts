import { CircuitBreaker, DeadlineExceeded } from "../../runtime";
import { recordingObservability } from "../internal/recording-observability";
import { Cache, type CacheConfig, type CacheConnection, CacheUnavailable } from "./cache";
import { CHECK, type Script } from "./scripts";

const limits = { attempts: 2, connectMilliseconds: 60, commandMilliseconds: 40, idleMilliseconds: 1000 };

/** What a connection does when it is asked. */
type Behaviour = () => Promise<unknown>;

class Refused extends Error {
  override readonly name = "ReplyError";
}

const answers = (value: unknown) => async () => value;
const refuses = (message: string) => async () => {
  throw new Refused(message);
};
const breaks = async () => {
  throw Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
};
const hangs = () => new Promise<never>(() => undefined);

/** A cache whose connections behave as said, one after the other; the last for ever. */
function cacheOf(behaviours: readonly Behaviour[], change: Partial<CacheConfig> = {}) {
  const clock = { time: 0 };
  const connections: { renewed: boolean; closed: boolean; runs: number }[] = [];
  const { observability, lines, counted } = recordingObservability();
  const pauses: number[] = [];
  const cache = new Cache({
    limits,
    breaker: new CircuitBreaker({ failures: 3, openMilliseconds: 500, now: () => clock.time }),
    now: () => clock.time,
    pause: async (attempt) => {
      pauses.push(attempt);
    },
    observability,
    connect: async (renewed): Promise<CacheConnection> => {
      const behaviour = behaviours[Math.min(connections.length, behaviours.length - 1)] as Behaviour;
      const connection = { renewed, closed: false, runs: 0 };
      connections.push(connection);
      return {
        run: () => {
          connection.runs += 1;
          return behaviour();
        },
        close: () => {
          connection.closed = true;
        },
      };
    },
    ...change,
  });
  const run = (signal = new AbortController().signal, script: Script = CHECK) =>
    cache.run(script, ["key"], [1], signal);
  return { cache, run, clock, connections, lines, counted, pauses };
}

test("connects when it is first asked, once, also for several at once", async () => {
  const { run, connections } = cacheOf([answers("yes")]);
  expect(connections).toHaveLength(0);
  expect(await Promise.all([run(), run()])).toEqual(Array(2).fill({ value: "yes", attempt: 1 }));
  await run();
  expect(connections).toEqual([{ renewed: false, closed: false, runs: 3 }]);
});

test("a warmed-up cache has connected before", async () => {
  const { cache, run, connections } = cacheOf([answers("yes")]);
  cache.warmUp();
  expect(connections).toHaveLength(1);
  await run();
  expect(connections).toHaveLength(1);
});

test.each<[string, Behaviour]>([
  ["breaks", breaks],
  ["does not answer", hangs],
  [
    "is to a node that is no primary any more",
    refuses("READONLY You can't write against a read only replica."),
  ],
  ["is to a server that is loading", refuses("LOADING Valkey is loading the dataset in memory")],
  ["is to a cluster that is down", refuses("CLUSTERDOWN The cluster is down")],
  ["is to a server without memory", refuses("OOM command not allowed when used memory > 'maxmemory'.")],
])("a connection that %s is closed, and the script run on another", async (_case, behaviour) => {
  const { run, connections, pauses } = cacheOf([behaviour, answers("yes")]);
  expect(await run()).toEqual({ value: "yes", attempt: 2 });
  expect(connections.map(({ closed }) => closed)).toEqual([true, false]);
  expect(connections.map(({ renewed }) => renewed)).toEqual([false, false]);
  expect(pauses).toEqual([1]);
});

test.each([
  "WRONGPASS invalid username-password pair or user is disabled.",
  "NOAUTH Authentication required.",
])("refused credentials are renewed: %s", async (message) => {
  const { run, connections } = cacheOf([refuses(message), answers("yes")]);
  expect(await run()).toEqual({ value: "yes", attempt: 2 });
  expect(connections.map(({ renewed }) => renewed)).toEqual([false, true]);
});

test("credentials that are refused again are given up", async () => {
  const { run, connections } = cacheOf([refuses("WRONGPASS invalid username-password pair")]);
  await expect(run()).rejects.toThrow(CacheUnavailable);
  expect(connections.map(({ renewed }) => renewed)).toEqual([false, true, true]);
});

test("control 11: a cache that fails is asked twice, no more", async () => {
  const { run, connections, counted, pauses } = cacheOf([breaks]);
  await expect(run()).rejects.toThrow(CacheUnavailable);
  expect(connections.map(({ runs }) => runs)).toEqual([1, 1]);
  expect(pauses).toEqual([1]);
  expect(counted).toEqual(["CacheUnavailable"]);
});

test("a refusal that would be the same again is not tried again, and the connection stays", async () => {
  const { run, connections, counted } = cacheOf([
    refuses("NOPERM No permissions to run the 'evalsha' command"),
  ]);
  await expect(run()).rejects.toThrow("NOPERM");
  await expect(run()).rejects.toThrow("NOPERM");
  expect(connections).toEqual([{ renewed: false, closed: false, runs: 2 }]);
  expect(counted).toEqual([]);
});

test("no attempt begins after the request's time is up", async () => {
  const { run, connections } = cacheOf([breaks]);
  const controller = new AbortController();
  controller.abort();
  await expect(run(controller.signal)).rejects.toThrow(CacheUnavailable);
  expect(connections).toHaveLength(1);
});

test("a cache that has failed often is left alone for a time, then tried", async () => {
  const { run, clock, connections, lines } = cacheOf([
    breaks,
    breaks,
    breaks,
    breaks,
    breaks,
    breaks,
    answers("yes"),
  ]);
  for (let count = 0; count < 3; count++) await expect(run()).rejects.toThrow(CacheUnavailable);
  expect(connections).toHaveLength(6);
  await expect(run()).rejects.toThrow(CacheUnavailable);
  expect(connections).toHaveLength(6);
  expect(lines).toContainEqual({ level: "warn", message: "the cache is given up for now" });
  clock.time += 500;
  expect(await run()).toEqual({ value: "yes", attempt: 1 });
});

test("control 12: connecting takes no longer than it may, and is then given up", async () => {
  const signals: AbortSignal[] = [];
  const { run, lines } = cacheOf([answers("yes")], {
    connect: (_renew, signal) => {
      signals.push(signal);
      return hangs();
    },
  });
  await expect(run()).rejects.toThrow(CacheUnavailable);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  expect(lines[0]).toMatchObject({ cause: { name: new DeadlineExceeded(1).name } });
});

test("a connection that has not been used for long is made anew", async () => {
  const { run, clock, connections } = cacheOf([answers("yes")]);
  await run();
  clock.time += 999;
  await run();
  expect(connections).toHaveLength(1);
  clock.time += 1000;
  await Promise.all([run(), run()]);
  expect(connections.map(({ closed, runs }) => [closed, runs])).toEqual([
    [true, 2],
    [false, 2],
  ]);
});

test("a failure closes its own connection, not one that was made since", async () => {
  const { run, connections } = cacheOf([hangs, answers("yes")]);
  const slow = run();
  const alsoSlow = run();
  expect(await Promise.all([slow, alsoSlow])).toEqual(Array(2).fill({ value: "yes", attempt: 2 }));
  expect(connections.map(({ closed, runs }) => [closed, runs])).toEqual([
    [true, 2],
    [false, 2],
  ]);
});

test("closing ends the connection, and does nothing where there is none", async () => {
  const { cache, run, connections } = cacheOf([answers("yes")]);
  cache.close();
  await run();
  cache.close();
  await new Promise(setImmediate);
  expect(connections).toEqual([{ renewed: false, closed: true, runs: 1 }]);
});

test("control 28: of a failure its kind is logged, and nothing that was asked", async () => {
  const failing = async () => {
    throw Object.assign(new Refused("READONLY secret"), { command: { name: "evalsha", args: ["secret"] } });
  };
  const { run, lines } = cacheOf([failing]);
  await expect(run()).rejects.toThrow(CacheUnavailable);
  expect(lines[0]).toMatchObject({ message: "cache attempt failed", attempt: 1, reply: "READONLY" });
  expect(JSON.stringify(lines)).not.toContain("secret");
});
