import { once } from "node:events";
import { request as sendRequest } from "node:http";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Validate } from "../../runtime";
import { bodyOf } from "./request";
import { currentRequest, type RequestContext, requestSignal } from "./request-context";
import { servicesOnFreePorts } from "./services-on-free-ports";

const serving = servicesOnFreePorts();

describe("control 12: a route that hangs", () => {
  test("is answered 504 in time, and told to end", async () => {
    let aborted = false;
    const { ask } = await serving(
      (app) => {
        app.get("/", async () => {
          requestSignal().addEventListener("abort", () => {
            aborted = true;
          });
          return new Promise<Response>(() => undefined);
        });
      },
      { requestTimeoutMilliseconds: 100 },
    );
    const startedAt = performance.now();
    const { status, text } = await ask("/");
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(status).toBe(504);
    expect(JSON.parse(text).detail).toBe(
      "The service did not answer in time. Whether a write took place is not known.",
    );
    expect(aborted).toBe(true);
  });

  test("knows until when it must answer", async () => {
    const { ask } = await serving(
      (app) => app.get("/", (c) => c.json((currentRequest()?.answerBy ?? 0) - performance.now())),
      { requestTimeoutMilliseconds: 3000 },
    );
    const left = Number((await ask("/")).text);
    expect(left).toBeGreaterThan(2000);
    expect(left).toBeLessThanOrEqual(3000);
  });

  test("and answers late after all changes nothing", async () => {
    const { ask, requestLines } = await serving(
      (app) => {
        app.get("/", async (c) => {
          await new Promise((resolve) => setTimeout(resolve, 150));
          return c.json({ late: true });
        });
      },
      { requestTimeoutMilliseconds: 50 },
    );
    expect((await ask("/")).status).toBe(504);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(requestLines()).toEqual([expect.objectContaining({ status: 504 })]);
  });

  test("in signing in is answered 504, too", async () => {
    const { ask } = await serving((app) => app.get("/", (c) => c.json({})), {
      authenticate: () => new Promise(() => undefined),
      requestTimeoutMilliseconds: 50,
    });
    expect((await ask("/")).status).toBe(504);
  });
});

test("what is more than it can serve at once is refused at once, and health still told", async () => {
  let release = () => undefined as unknown;
  const released = new Promise((resolve) => {
    release = () => resolve(undefined);
  });
  const { ask } = await serving(
    (app) => {
      app.get("/", async (c) => {
        await released;
        return c.json({});
      });
    },
    { maxInFlight: 2 },
  );
  const served = [ask("/"), ask("/")];
  await new Promise((resolve) => setTimeout(resolve, 100));
  const startedAt = performance.now();
  const refused = await ask("/");
  expect(performance.now() - startedAt).toBeLessThan(500);
  expect(refused.status).toBe(503);
  expect(refused.headers.get("retry-after")).toBe("1");
  expect((await ask("/health/ready")).status).toBe(200);
  release();
  expect((await Promise.all(served)).map(({ status }) => status)).toEqual([200, 200]);
  expect((await ask("/")).status).toBe(200);
});

test("a client that stopped reading, or is gone without a word, does not keep its place", async () => {
  let given: RequestContext | undefined;
  const { url, requestLines } = await serving(
    (app) => {
      app.get("/", async (c) => {
        given = currentRequest();
        const { outgoing } = c.env;
        outgoing.writeHead(200);
        // More than the buffers on the way hold.
        outgoing.write(Buffer.alloc(32 * 1024 * 1024));
        return RESPONSE_ALREADY_SENT;
      });
    },
    { silenceMilliseconds: 300 },
  );
  const sent = sendRequest(url);
  sent.on("error", () => undefined).end();
  const [response] = await once(sent, "response");
  response.pause();
  while (requestLines().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(requestLines()).toEqual([expect.objectContaining({ status: 200, aborted: true })]);
  expect(given?.signal.aborted).toBe(true);
  sent.destroy();
});

describe("a body", () => {
  const validate: Validate = Object.assign((data: unknown) => typeof data === "object", { errors: [] });
  const echo = () =>
    serving((app) => {
      app.post("/", async (c) => c.json((await bodyOf<object>(c, validate, 1000)) as object));
    });
  const json = { "content-type": "application/json; charset=utf-8" };

  test("is read from JSON", async () => {
    const { ask } = await echo();
    const answer = await ask("/", { method: "POST", headers: json, body: '{"a":"ö"}' });
    expect(answer).toMatchObject({ status: 200, text: '{"a":"ö"}' });
  });

  test("that says it is too large is not read", async () => {
    const { ask } = await echo();
    expect((await ask("/", { method: "POST", headers: json, body: `"${"x".repeat(1000)}"` })).status).toBe(
      413,
    );
  });

  test("that turns out to be too large is answered all the same", async () => {
    const { url } = await echo();
    const sent = sendRequest(url, { method: "POST", headers: { ...json, "transfer-encoding": "chunked" } });
    sent.write(Buffer.alloc(600, "x"));
    sent.write(Buffer.alloc(600, "x"));
    const [response] = await once(sent, "response");
    expect(response.statusCode).toBe(413);
    sent.end();
    response.resume();
    await once(response, "end");
  });

  test.each([
    ["of another type", { "content-type": "text/plain" }, "{}", 415],
    ["that is no JSON", json, "{", 400],
    ["that is missing", json, undefined, 400],
  ])("%s is refused", async (_case, headers, body, status) => {
    const { ask } = await echo();
    expect((await ask("/", { method: "POST", headers, ...(body !== undefined && { body }) })).status).toBe(
      status,
    );
  });

  test("control 12: that never ends is given up in time", async () => {
    const { url } = await serving(
      (app) => {
        app.post("/", async (c) => c.json((await bodyOf<object>(c, validate)) as object));
      },
      { requestTimeoutMilliseconds: 100 },
    );
    const sent = sendRequest(url, { method: "POST", headers: { ...json, "content-length": "100" } });
    sent.on("error", () => undefined);
    sent.write("{");
    const [response] = await once(sent, "response");
    expect(response.statusCode).toBe(504);
    sent.destroy();
  });
});
