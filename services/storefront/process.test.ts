import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { buildServices } from "../../modules/internal/service-bundle";
import { TestUserPool } from "../internal/test-user-pool";
import { Backends } from "./backends";

/** The bundle that is deployed, as a process of its own. */

jest.setTimeout(120_000);

let bundle: string;
let pool: TestUserPool;
let backends: Backends;
let child: ChildProcess;
let text: string;
let url: string;

beforeAll(async () => {
  const artifact = buildServices(join(__dirname, "..", ".."))["storefront"];
  bundle = join(artifact?.folder ?? "", "index.mjs");
  pool = await TestUserPool.start();
});
afterAll(() => pool.close());

beforeEach(async () => {
  backends = await Backends.start();
});
afterEach(() => {
  child.kill("SIGKILL");
  backends.close();
});

const lines = () => text.split("\n").slice(0, -1);

async function start(change: Record<string, string> = {}): Promise<void> {
  text = "";
  child = spawn(process.execPath, [bundle], {
    env: {
      ...pool.environment,
      ...{ PORT: "0", HOST: "127.0.0.1", SERVICE_NAME: "storefront", LOG_LEVEL: "DEBUG", DRAIN_SECONDS: "3" },
      ...{ CATALOG_URL: backends.url, ORDERS_URL: backends.url, SESSIONS_URL: backends.url },
      ...{ AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret-key" },
      // Nothing listens there: it starts and serves without its cache.
      ...{ CACHE_HOST: "127.0.0.1", CACHE_PORT: "1", CACHE_TLS: "off", CACHE_PASSWORD: "secret-password" },
      ...change,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
    });
  }
}

async function untilReady(): Promise<void> {
  for (const deadline = Date.now() + 30_000; ; await wait(5)) {
    const listening = lines().find((line) => line.includes('"listening"'));
    if (listening !== undefined) url = `http://127.0.0.1:${JSON.parse(listening).port}`;
    if (listening !== undefined && (await fetch(`${url}/health/ready`)).ok) return;
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`not ready:\n${text}`);
  }
}

function get(path: string, token = pool.token()): Promise<Response> {
  return fetch(`${url}${path}`, {
    headers: { authorization: `Bearer ${token}`, "x-session-token": "session-1" },
  });
}

test("control 36: SIGTERM under load ends the process with 0 and without a failed request", async () => {
  await start();
  await untilReady();
  const token = pool.token();
  let stopping = false;
  const statuses: number[] = [];
  const clients = Array.from({ length: 8 }, async () => {
    while (!stopping) {
      const response = await get("/v1/products/teapot", token);
      await response.text();
      statuses.push(response.status);
    }
  });
  while (statuses.length < 40) await wait(5);
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  // A load balancer sends nothing to a target that is not ready.
  while ((await fetch(`${url}/health/ready`)).status !== 503) await wait(5);
  await wait(300);
  stopping = true;
  await Promise.all(clients);
  expect(await ended).toEqual([0, null]);
  // Some came after the signal.
  expect(statuses.length).toBeGreaterThan(40);
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
});

test("control 28: neither tokens, nor keys, nor what was asked for is in the log", async () => {
  await start();
  await untilReady();
  const token = pool.token();
  expect((await get("/v1/products/teapot", token)).status).toBe(200);
  expect((await get("/v1/orders", token)).status).toBe(200);
  backends.behaviour.catalog = "fail";
  expect((await get("/v1/orders", token)).status).toBe(200);
  backends.behaviour.sessions = "fail";
  expect((await get("/v1/products/teapot", token)).status).toBe(502);
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
  expect(text).toContain('"route":"GET /v1/products/{id}"');
  expect(text).toContain('"message":"names missing"');
  for (const secret of [token.slice(-20), "session-1", "secret-", "ann@example.com", "teapot"]) {
    expect(text).not.toContain(secret);
  }
});

test("a variable that is missing ends the process, named in one line", async () => {
  await start({ SESSIONS_URL: "" });
  await once(child, "exit");
  expect(child.exitCode).toBe(1);
  expect(lines()).toHaveLength(1);
  expect(JSON.parse(text).reason).toBe("Error: environment: SESSIONS_URL must be set, got nothing");
});
