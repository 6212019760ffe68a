import { CircuitBreaker, newUuidV7 } from "../../runtime";
import { Tracing } from "../internal";
import { recordingObservability } from "../internal/recording-observability";
import { type DaxClient, DaxTodoReader } from "./dax-reader";
import { itemOf } from "./item";
import { MemoryTodoStore } from "./memory-store";
import type { ReadOptions } from "./store";
import { createdTodo } from "./todo";

// DAX's wire protocol has no emulator: what stands in here is the client's interface, not the cluster.

const input = {
  title: "in DAX",
  note: "",
  status: "open",
  priority: "normal",
  dueAt: null,
  attachments: [],
} as const;
const id = newUuidV7(1_700_000_000_000, new Uint8Array(10));
const cached = createdTodo(id, { ...input, attachments: [] });
const stored = { ...cached, title: "in the database" };
const read: ReadOptions = { consistent: false, signal: new AbortController().signal };
const consistent = { ...read, consistent: true };

/** A reader that has not read yet, on a stand-in of DAX. */
async function setUp(dax: Partial<DaxClient>, connect?: () => Promise<DaxClient>) {
  const clock = { time: 0 };
  const sent: string[] = [];
  const tracing = new Tracing({
    environment: { AWS_XRAY_DAEMON_ADDRESS: "h:1", _X_AMZN_TRACE_ID: "Root=1-a-b;Parent=c;Sampled=1" },
    send: async (datagram) => {
      sent.push(datagram.toString().split("\n")[1] ?? "");
    },
  });
  const { observability, counted, lines } = recordingObservability(tracing);
  const calls: unknown[] = [];
  const database = new MemoryTodoStore();
  await database.create("user-1", stored, read.signal);
  const client: DaxClient = {
    get: async (request) => {
      calls.push(request);
      return (await dax.get?.(request)) ?? {};
    },
    query: async (request) => {
      calls.push(request);
      return (await dax.query?.(request)) ?? {};
    },
  };
  const reader = new DaxTodoReader({
    tableName: "todos",
    connect: connect ?? (async () => client),
    database,
    breaker: new CircuitBreaker({ failures: 3, openMilliseconds: 10_000, now: () => clock.time }),
    timeoutMilliseconds: 30,
    firstTimeoutMilliseconds: 100,
    observability,
  });
  return { reader, counted, lines, sent, calls, database, clock };
}

const never = () => new Promise<never>(() => undefined);
const broken = { get: () => Promise.reject(new Error("NoRouteException")) };

test("a hit comes from DAX, and is counted", async () => {
  const { reader, counted, calls, database } = await setUp({
    get: async () => ({ Item: itemOf("user-1", cached) }),
  });
  await expect(reader.get("user-1", id, read)).resolves.toEqual(cached);
  expect(calls).toEqual([{ TableName: "todos", Key: { owner: "user-1", sk: `todo#${id}` } }]);
  expect(counted).toEqual(["DaxRead"]);
  expect(database.reads).toEqual([]);
});

test("a miss is asked of the database, consistently: DAX remembers what was not there", async () => {
  const { reader, counted, database } = await setUp({ get: async () => ({}) });
  await expect(reader.get("user-1", id, read)).resolves.toEqual(stored);
  expect(counted).toEqual(["DaxRead"]);
  expect(database.reads).toEqual([true]);
});

test("a list comes from DAX", async () => {
  const { reader, counted, calls } = await setUp({
    query: async () => ({ Items: [itemOf("user-1", cached)], LastEvaluatedKey: { sk: "x" } }),
  });
  await expect(reader.list({ owner: "user-1", limit: 1 }, read)).resolves.toEqual({
    items: [cached],
    more: true,
  });
  expect(calls).toMatchObject([{ TableName: "todos", Limit: 2, ScanIndexForward: false }]);
  expect(counted).toEqual(["DaxRead"]);
});

test("an empty list is an answer", async () => {
  const { reader, database } = await setUp({ query: async () => ({ Items: [] }) });
  await expect(reader.list({ owner: "user-1", limit: 5 }, read)).resolves.toEqual({ items: [], more: false });
  expect(database.reads).toEqual([]);
});

test("a consistent read goes past DAX: what was just written is read", async () => {
  const { reader, counted, calls, database } = await setUp({
    get: async () => ({ Item: itemOf("user-1", cached) }),
  });
  await expect(reader.get("user-1", id, consistent)).resolves.toEqual(stored);
  await expect(reader.list({ owner: "user-1", limit: 5 }, consistent)).resolves.toEqual({
    items: [stored],
    more: false,
  });
  expect(calls).toEqual([]);
  expect(counted).toEqual([]);
  expect(database.reads).toEqual([true, true]);
});

describe("control 42: the database answers", () => {
  test("when DAX fails", async () => {
    const { reader, counted } = await setUp(broken);
    await expect(reader.get("user-1", id, read)).resolves.toEqual(stored);
    expect(counted).toEqual(["DaxFallback"]);
  });

  test("when DAX hangs, after its time-out", async () => {
    const { reader, counted } = await setUp({ get: never });
    await expect(reader.get("user-1", id, read)).resolves.toEqual(stored);
    expect(counted).toEqual(["DaxFallback"]);
  });

  test("when there is no connection, and the next read tries to connect anew", async () => {
    let connections = 0;
    const { reader, counted } = await setUp({}, async () => {
      connections += 1;
      throw new Error("ECONNREFUSED");
    });
    await reader.get("user-1", id, read);
    await reader.get("user-1", id, read);
    expect(connections).toBe(2);
    expect(counted).toEqual(["DaxFallback", "DaxFallback"]);
  });

  test("at once when DAX is dead: it is not even asked", async () => {
    const { reader, counted, calls } = await setUp(broken);
    for (let count = 0; count < 6; count++) await reader.get("user-1", id, read);
    // The first read, and the three whose failures opened the breaker.
    expect(calls).toHaveLength(4);
    expect(counted).toEqual(Array(6).fill("DaxFallback"));
  });

  test("until DAX is back, which one read finds out", async () => {
    let up = false;
    const { reader, counted, clock } = await setUp({
      get: async () => {
        if (!up) throw new Error("NoRouteException");
        return { Item: itemOf("user-1", cached) };
      },
    });
    for (let count = 0; count < 4; count++) await reader.get("user-1", id, read);
    up = true;
    clock.time += 10_000;
    await expect(reader.get("user-1", id, read)).resolves.toEqual(cached);
    expect(counted).toEqual([...Array(4).fill("DaxFallback"), "DaxRead"]);
  });
});

test("one connection serves all reads", async () => {
  let connections = 0;
  const { reader } = await setUp({}, async () => {
    connections += 1;
    return { get: async () => ({}), query: async () => ({}) };
  });
  await Promise.all([reader.get("user-1", id, read), reader.list({ owner: "user-1", limit: 1 }, read)]);
  expect(connections).toBe(1);
});

describe("connecting", () => {
  test("begins at start", async () => {
    let connections = 0;
    const { reader } = await setUp({}, async () => {
      connections += 1;
      return { get: async () => ({}), query: async () => ({}) };
    });
    reader.warmUp();
    expect(connections).toBe(1);
    await reader.get("user-1", id, read);
    expect(connections).toBe(1);
  });

  test("that fails at start fails nothing, and the first read tries again", async () => {
    let connections = 0;
    const { reader, counted } = await setUp({}, async () => {
      connections += 1;
      if (connections === 1) throw new Error("ENOTFOUND");
      return { get: async () => ({ Item: itemOf("user-1", cached) }), query: async () => ({}) };
    });
    reader.warmUp();
    await new Promise(setImmediate);
    await expect(reader.get("user-1", id, read)).resolves.toEqual(cached);
    expect(counted).toEqual(["DaxRead"]);
  });

  test("may take the first read longer than any later one", async () => {
    const slowly = async () => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      return { Item: itemOf("user-1", cached) };
    };
    const { reader, counted } = await setUp({ get: slowly });
    await expect(reader.get("user-1", id, read)).resolves.toEqual(cached);
    await expect(reader.get("user-1", id, read)).resolves.toEqual(stored);
    expect(counted).toEqual(["DaxRead", "DaxFallback"]);
  });

  test("too late is given up by the first read too, and is no failure of the breaker's", async () => {
    const { reader, calls, counted } = await setUp({ get: never });
    for (let count = 0; count < 5; count++) await reader.get("user-1", id, read);
    expect(calls).toHaveLength(4);
    expect(counted).toEqual(Array(5).fill("DaxFallback"));
  });
});

test("why DAX is given up is logged once for each time, without the message", async () => {
  const { reader, lines, clock } = await setUp({
    get: () => Promise.reject(Object.assign(new Error("item of Ann"), { code: "NoRouteException" })),
  });
  for (let count = 0; count < 6; count++) await reader.get("user-1", id, read);
  expect(lines).toEqual([
    {
      level: "warn",
      message: "DAX is given up for now",
      cause: expect.objectContaining({ name: "Error", code: "NoRouteException" }),
    },
  ]);
  clock.time += 10_000;
  await reader.get("user-1", id, read);
  expect(lines).toHaveLength(2);
  expect(JSON.stringify(lines)).not.toContain("Ann");
});

test("each call is traced, those that fail as faults", async () => {
  const { reader, sent } = await setUp(broken);
  await reader.get("user-1", id, read);
  await reader.list({ owner: "user-1", limit: 1 }, read);
  expect(sent.map((segment) => JSON.parse(segment))).toEqual([
    expect.objectContaining({ name: "DAX", namespace: "aws", aws: { operation: "GetItem" }, fault: true }),
    expect.not.objectContaining({ fault: true }),
  ]);
});
