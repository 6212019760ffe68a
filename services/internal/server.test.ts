import { once } from "node:events";
import { Agent, request as sendRequest } from "node:http";
import { connect } from "node:net";
import { Problem, type Validate } from "../../runtime";
import { DependencyError } from "./dependency-error";
import { parametersOf } from "./request";
import { requestSignal, tellOfRequest } from "./request-context";
import { servicesOnFreePorts } from "./services-on-free-ports";

const serving = servicesOnFreePorts();

describe("an answer", () => {
  test("carries the headers of all answers, unless the route says otherwise", async () => {
    const { ask } = await serving((app) => {
      app.get("/own", (c) => c.json({}));
      app.get("/cached", (c) => c.json({}, 200, { "Cache-Control": "max-age=60" }));
    });
    const { headers } = await ask("/own");
    expect(Object.fromEntries(headers)).toMatchObject({
      "cache-control": "private, no-cache",
      "strict-transport-security": "max-age=63072000; includeSubDomains",
      "x-content-type-options": "nosniff",
      "x-request-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect((await ask("/cached")).headers.get("cache-control")).toBe("max-age=60");
  });

  test("to a route that is none is 404, as a problem with the request's id", async () => {
    const { ask } = await serving(() => undefined);
    const { status, headers, text } = await ask("/none");
    expect(status).toBe(404);
    expect(headers.get("content-type")).toBe("application/problem+json");
    expect(JSON.parse(text)).toEqual({
      type: "about:blank",
      title: "Not Found",
      status: 404,
      detail: "No such route.",
      requestId: headers.get("x-request-id"),
    });
  });

  test("of a problem is that problem, not to be kept", async () => {
    const { ask, lines } = await serving((app) => {
      app.get("/", () => {
        throw new Problem(412, "It has changed.", [], { ETag: '"2"' });
      });
    });
    const { status, headers } = await ask("/");
    expect(status).toBe(412);
    expect(headers.get("etag")).toBe('"2"');
    expect(headers.get("cache-control")).toBe("no-store");
    expect(lines.filter(({ level }) => level === "ERROR")).toEqual([]);
  });

  test.each([
    ["a busy one", new DependencyError("catalog", "busy", { attempts: 3, retryAfterSeconds: 7 }), 503, "7"],
    ["one that is away", new DependencyError("catalog", "circuitOpen", { attempts: 1 }), 503, "1"],
    ["one that is late", new DependencyError("catalog", "timeout", { attempts: 3 }), 504, null],
    ["one that fails", new DependencyError("catalog", "fault", { status: 500, attempts: 1 }), 502, null],
  ])("of another service, %s, says so and is logged", async (_case, error, status, retryAfter) => {
    const { ask, lines } = await serving((app) => {
      app.get("/", () => {
        throw error;
      });
    });
    const answer = await ask("/");
    expect(answer.status).toBe(status);
    expect(answer.headers.get("retry-after")).toBe(retryAfter);
    expect(lines).toContainEqual(
      expect.objectContaining({
        message: "failed",
        cause: expect.objectContaining({ dependency: "catalog", failure: error.failure }),
      }),
    );
  });

  test("of another service that refuses this one says with what status in the log", async () => {
    const { ask, lines } = await serving((app) => {
      app.get("/", () => {
        throw new DependencyError("sessions", "invalidAnswer", { status: 403, attempts: 1 });
      });
    });
    expect((await ask("/")).status).toBe(502);
    expect(lines).toContainEqual(
      expect.objectContaining({ cause: expect.objectContaining({ dependency: "sessions", status: 403 }) }),
    );
  });

  test("that nobody waits for any more is no fault", async () => {
    const { url, lines, requestLines } = await serving((app) => {
      app.get("/", async () => {
        await once(requestSignal(), "abort");
        throw new DependencyError("catalog", "aborted", { attempts: 1 });
      });
    });
    const sent = sendRequest(url);
    sent.on("error", () => undefined).end();
    await new Promise((resolve) => setTimeout(resolve, 100));
    sent.destroy();
    while (requestLines().length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(lines.filter(({ level }) => level === "ERROR")).toEqual([]);
  });

  test("of what the service knows the meaning of is that", async () => {
    const { ask } = await serving(
      (app) => {
        app.get("/", () => {
          throw new RangeError("x");
        });
      },
      { problemOf: (error) => (error instanceof RangeError ? new Problem(409, "Out of range.") : undefined) },
    );
    expect((await ask("/")).status).toBe(409);
  });

  test("control 28: of an unknown error is 500, and neither answer nor log has its words", async () => {
    const { ask, lines } = await serving((app) => {
      app.get("/v1/things/:id", () => {
        throw new Error("duplicate key ann@example.com");
      });
    });
    const { status, text, headers } = await ask("/v1/things/secret-thing?token=secret-token", {
      headers: { authorization: "Bearer secret-bearer", cookie: "secret-cookie" },
    });
    expect(status).toBe(500);
    expect(text).not.toMatch(/ann|duplicate|secret/);
    expect(JSON.stringify(lines)).not.toMatch(/ann@|duplicate|secret/);
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: "ERROR",
        message: "failed",
        route: "GET /v1/things/{id}",
        requestId: headers.get("x-request-id"),
        cause: expect.objectContaining({ name: "Error", frames: expect.any(Array) }),
      }),
    );
  });

  test("to an address that is none is 400", async () => {
    const { service } = await serving(() => undefined);
    const socket = connect(service.port, "127.0.0.1");
    socket.end("GET /a HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n");
    let answer = "";
    for await (const chunk of socket) answer += chunk;
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"title":"Bad Request"');
  });
});

describe("the line of a request", () => {
  test("says what its handler tells of it; outside of a request that is told to nobody", async () => {
    const { ask, requestLines } = await serving((app) => {
      app.get("/", (c) => {
        tellOfRequest({ orderId: "1" });
        return c.body(null, 204);
      });
    });
    tellOfRequest({ orderId: "2" });
    await ask("/");
    await ask("/none");
    expect(requestLines()).toMatchObject([{ route: "GET /", status: 204, orderId: "1" }, { status: 404 }]);
    expect(requestLines()[1]).not.toHaveProperty("orderId");
  });

  test("says route, status, time, id and trace, once", async () => {
    const { ask, requestLines } = await serving((app) => {
      app.get("/v1/things/:id{[a-z]+}", (c) => c.json({}, 201));
    });
    const { headers } = await ask("/v1/things/a", {
      headers: { traceparent: "00-5759e988bd862e3fe1be46a994272793-00f067aa0ba902b7-01" },
    });
    expect(requestLines()).toEqual([
      {
        level: "INFO",
        message: "request",
        timestamp: expect.any(String),
        service: "test",
        traceId: "1-5759e988-bd862e3fe1be46a994272793",
        requestId: headers.get("x-request-id"),
        route: "GET /v1/things/{id}",
        status: 201,
        milliseconds: expect.any(Number),
      },
    ]);
  });

  test("does not hold a path that nobody knows", async () => {
    const { ask, requestLines } = await serving(() => undefined);
    await ask("/ann@example.com");
    expect(requestLines()).toEqual([expect.objectContaining({ route: "GET *", status: 404 })]);
  });

  test("says that the client left", async () => {
    let aborted: Promise<unknown> = Promise.resolve();
    const { url, requestLines } = await serving((app) => {
      app.get("/", async (c) => {
        aborted = once(requestSignal(), "abort");
        await aborted;
        return c.json({});
      });
    });
    const sent = sendRequest(url);
    sent.on("error", () => undefined).end();
    await new Promise((resolve) => setTimeout(resolve, 100));
    sent.destroy();
    await aborted;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(requestLines()).toEqual([expect.objectContaining({ status: 499, aborted: true })]);
  });

  test("is not written for questions of health", async () => {
    const { ask, requestLines } = await serving(() => undefined);
    await ask("/health/live");
    await ask("/health/ready");
    expect(requestLines()).toEqual([]);
  });
});

describe("health", () => {
  test("is told without signing in: alive, and ready", async () => {
    const { ask } = await serving(() => undefined, {
      authenticate: async () => {
        throw new Problem(401, "No.");
      },
    });
    expect(await ask("/health/live")).toMatchObject({ status: 200, text: '{"status":"live"}' });
    expect(await ask("/health/ready?x=1")).toMatchObject({ status: 200, text: '{"status":"ready"}' });
    expect((await ask("/other")).status).toBe(401);
  });

  test("is 503 until a check has passed; the service is alive all the same", async () => {
    const { ask } = await serving(() => undefined, {
      startChecks: {
        database: async () => {
          throw new Error("away");
        },
      },
    });
    expect(await ask("/health/ready")).toMatchObject({
      status: 503,
      text: '{"status":"failing","failing":["database"]}',
    });
    expect((await ask("/health/live")).status).toBe(200);
  });
});

test("who signed in is known to the route", async () => {
  const { ask } = await serving((app) => app.get("/", (c) => c.json(c.get("user"))), {
    authenticate: async (authorization) => ({ id: authorization ?? "", groups: ["staff"] }),
  });
  const { text } = await ask("/", { headers: { authorization: "ann" } });
  expect(JSON.parse(text)).toEqual({ id: "ann", groups: ["staff"] });
});

test("parameters are read by the contract's validator", async () => {
  const validate: Validate = Object.assign(
    (data: unknown) => Number.isInteger((data as { limit?: unknown }).limit),
    {
      integers: ["limit"],
      errors: [{ instancePath: "/limit", keyword: "type", params: { type: "integer" } }],
    },
  );
  const { ask } = await serving((app) => {
    app.get("/", (c) => c.json(parametersOf<object>(c, validate, ["If-Match"])));
  });
  const fine = await ask("/?limit=2", { headers: { "if-match": '"1"' } });
  expect(JSON.parse(fine.text)).toEqual({ limit: 2, "If-Match": '"1"' });
  const wrong = await ask("/?limit=two");
  expect(wrong.status).toBe(400);
  expect(JSON.parse(wrong.text).errors).toEqual([{ parameter: "limit", detail: "must be of type integer" }]);
});

test("a connection is kept for longer than a load balancer keeps it", async () => {
  const { url } = await serving((app) => app.get("/", (c) => c.json({})));
  const agent = new Agent({ keepAlive: true });
  const [response] = await once(sendRequest(url, { agent }).end(), "response");
  expect(response.headers["keep-alive"]).toBe("timeout=65");
  response.resume();
  await once(response, "end");
  agent.destroy();
});

test("a stop that would take requests until its end is refused at start", async () => {
  const settings = { host: "127.0.0.1", port: 0, drainSeconds: 25 };
  await expect(serving(() => undefined, { settings, gracefulStopSeconds: 25 })).rejects.toThrow(
    new Error("environment: DRAIN_SECONDS must be less than the 25 in which the service stops, got 25"),
  );
});

test("a port that is taken is told", async () => {
  const { service } = await serving(() => undefined);
  await expect(
    serving(() => undefined, { settings: { host: "127.0.0.1", port: service.port, drainSeconds: 0 } }),
  ).rejects.toThrow("EADDRINUSE");
});
