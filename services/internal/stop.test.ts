/** A service in a process of its own, stopped by real signals while real requests are under way. */
import { once } from "node:events";
import { Agent, get, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type ServiceProcess, startServiceProcess } from "./service-process";

jest.setTimeout(30_000);

let service: ServiceProcess | undefined;

afterEach(async () => {
  await service?.stop("SIGKILL");
  service = undefined;
});

/** @param drainSeconds how long requests are still taken. @param stopSeconds how long the stop may take in all */
async function start(drainSeconds: number, stopSeconds = 10): Promise<ServiceProcess> {
  const loader = resolve(__dirname, "../../node_modules/tsx/dist/loader.mjs");
  service = await startServiceProcess(
    ["--import", loader, require.resolve("./fixture"), String(stopSeconds)],
    __dirname,
    { DRAIN_SECONDS: String(drainSeconds) },
  );
  return service;
}

/** One request, by a client that keeps its connections, as a load balancer does. */
async function ask(url: string, agent: Agent): Promise<{ status: number; connection: string | undefined }> {
  const sent = get(url, { agent });
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  response.resume();
  await once(response, "end");
  return { status: response.statusCode ?? 0, connection: response.headers.connection };
}

describe("control 36: on SIGTERM", () => {
  test("requests under way are answered, the process ends with 0, and what the routes use is closed last", async () => {
    const { url, stop, lines } = await start(0);
    const agent = new Agent({ keepAlive: true });
    const slow = Array.from({ length: 10 }, () => ask(`${url}/slow?milliseconds=800`, agent));
    await wait(200);
    const stopped = stop();
    expect(await Promise.all(slow)).toEqual(Array(10).fill({ status: 200, connection: "close" }));
    expect(await stopped).toBe(0);
    expect(lines.slice(-2)).toEqual([
      expect.objectContaining({ message: "closed" }),
      expect.objectContaining({ message: "stopped" }),
    ]);
    agent.destroy();
  });

  test("no request fails, of clients that go on asking until the load balancer takes the task away", async () => {
    const { url, stop } = await start(2);
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    const answers: { status: number; connection: string | undefined }[] = [];
    let deregistered = false;
    const client = async (number: number) => {
      while (!deregistered) {
        const path = number % 2 === 0 ? "fast" : "slow?milliseconds=100";
        answers.push(await ask(`${url}/${path}`, agent));
        // As fast as it can would be more than the machine can for the other tests.
        await wait(5);
      }
    };
    const clients = Array.from({ length: 8 }, (_, number) => client(number));
    await wait(300);
    const before = answers.length;
    const stopped = stop();
    // The health check of a load balancer, which sees that the task is not ready and sends nothing more.
    while ((await fetch(`${url}/health/ready`)).status === 200) await wait(50);
    await wait(500);
    deregistered = true;
    await Promise.all(clients);
    expect(await stopped).toBe(0);
    expect(before).toBeGreaterThan(0);
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(answers.slice(before).filter(({ connection }) => connection === "close").length).toBeGreaterThan(
      8,
    );
    agent.destroy();
  });

  test("it is not ready at once, and alive", async () => {
    const { url, stop } = await start(3);
    const stopped = stop();
    await wait(100);
    const ready = await fetch(`${url}/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({ status: "draining" });
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect(await stopped).toBe(0);
  });

  test("idle connections do not hold it up", async () => {
    const { url, stop } = await start(0);
    const agent = new Agent({ keepAlive: true });
    await ask(`${url}/fast`, agent);
    const startedAt = performance.now();
    expect(await stop()).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(2000);
    agent.destroy();
  });

  test.each([
    ["on which nothing has come", ""],
    ["on which the beginning of a request has come, and no more", "GET /fast HTTP/1.1\r\nHost: a\r\n"],
  ])("connections %s do not hold it up", async (_which, sent) => {
    const { url, stop } = await start(0);
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    const closed = once(socket, "close");
    socket.on("error", () => undefined).write(sent);
    await wait(100);
    const startedAt = performance.now();
    expect(await stop()).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(4000);
    await closed;
  });
});

test("what does not end in time is cut off, and the process ends with 1, saying how much it was", async () => {
  const { url, stop, lines } = await start(0, 1);
  const cutOff = ask(`${url}/slow?milliseconds=60000`, new Agent()).catch(
    (error: NodeJS.ErrnoException) => error.code,
  );
  await wait(200);
  const startedAt = performance.now();
  expect(await stop()).toBe(1);
  expect(performance.now() - startedAt).toBeLessThan(3000);
  expect(await cutOff).toBe("ECONNRESET");
  expect(lines).toContainEqual(
    expect.objectContaining({ level: "ERROR", message: "not stopped in time", unfinished: 1 }),
  );
});

test("a second signal ends it at once, with 1", async () => {
  const { url, stop, child } = await start(5);
  const cutOff = ask(`${url}/slow?milliseconds=60000`, new Agent()).catch(
    (error: NodeJS.ErrnoException) => error.code,
  );
  await wait(200);
  child.kill("SIGTERM");
  await wait(200);
  expect(await stop("SIGTERM")).toBe(1);
  expect(await cutOff).toBe("ECONNRESET");
});

test("control 28: an error that nobody catches ends it with 1, and its words are not logged", async () => {
  const { url, lines, child } = await start(0);
  const ended = once(child, "close");
  await fetch(`${url}/crash`).catch(() => undefined);
  expect((await ended)[0]).toBe(1);
  expect(lines.at(-1)).toMatchObject({ level: "ERROR", message: "uncaught", cause: { name: "Error" } });
  expect(JSON.stringify(lines)).not.toContain("ann@");
});
