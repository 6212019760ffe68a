import { createSocket } from "node:dgram";
import { once } from "node:events";
import { Tracing } from ".";

const environment = {
  AWS_XRAY_DAEMON_ADDRESS: "127.0.0.1:2000",
  _X_AMZN_TRACE_ID: "Root=1-65e0-abc;Parent=53995c3f42cd8ad8;Sampled=1;Lineage=x",
};

/** A tracing whose datagrams end up in `sent`, parsed. */
function recorded(variables: Record<string, string> = environment) {
  const sent: { host: string; port: number; header: string; segment: Record<string, unknown> }[] = [];
  let time = 1_700_000_000_000;
  const tracing = new Tracing({
    environment: variables,
    now: () => (time += 250),
    send: async (datagram, port, host) => {
      const [header = "", segment = ""] = datagram.toString().split("\n");
      sent.push({ host, port, header, segment: JSON.parse(segment) });
    },
  });
  return { tracing, sent };
}

test("sends a subsegment of the invocation's segment, in the daemon's format", async () => {
  const { tracing, sent } = recorded();
  const result = await tracing.capture(
    "DynamoDB",
    async () => "item",
    () => ({
      namespace: "aws",
      aws: { operation: "GetItem" },
    }),
  );
  expect(result).toBe("item");
  expect(sent).toEqual([
    {
      host: "127.0.0.1",
      port: 2000,
      header: '{"format":"json","version":1}',
      segment: {
        trace_id: "1-65e0-abc",
        parent_id: "53995c3f42cd8ad8",
        type: "subsegment",
        id: expect.stringMatching(/^[0-9a-f]{16}$/),
        name: "DynamoDB",
        namespace: "aws",
        aws: { operation: "GetItem" },
        start_time: 1_700_000_000.25,
        end_time: 1_700_000_000.5,
      },
    },
  ]);
});

test("control 28: a failure is a fault with the error's class, without its message", async () => {
  const { tracing, sent } = recorded();
  await expect(tracing.capture("S3", () => Promise.reject(new TypeError("secret")))).rejects.toThrow(
    "secret",
  );
  expect(sent[0]?.segment).toMatchObject({ fault: true, cause: { exceptions: [{ type: "TypeError" }] } });
  expect(JSON.stringify(sent)).not.toContain("secret");
});

const failure = (name: string, httpStatusCode?: number) =>
  Object.assign(new Error("message"), {
    name,
    ...(httpStatusCode !== undefined && { $metadata: { httpStatusCode } }),
  });

test.each([
  ["an error of the caller's", failure("ConditionalCheckFailedException", 400), { error: true }],
  ["throttling", failure("ThrottlingException", 429), { error: true, throttle: true }],
  [
    "throttling that is called a bad request",
    failure("ProvisionedThroughputExceededException", 400),
    { error: true, throttle: true },
  ],
  ["throttling that is called a fault", failure("SlowDown", 503), { fault: true, throttle: true }],
  ["a fault of the service", failure("InternalServerError", 500), { fault: true }],
  ["no answer", failure("TimeoutError"), { fault: true }],
  ["what is no error", undefined, { fault: true }],
])("a failure by %s is marked as such", async (_case, error, flags) => {
  const { tracing, sent } = recorded();
  await tracing.capture("DynamoDB", () => Promise.reject(error)).catch(() => undefined);
  const { error: byCaller, throttle, fault } = sent[0]?.segment ?? {};
  expect(JSON.parse(JSON.stringify({ error: byCaller, throttle, fault }))).toEqual(flags);
});

test.each([
  [200, {}],
  [304, {}],
  [404, { error: true }],
  [429, { error: true, throttle: true }],
  [500, { fault: true }],
])("an answer of status %i is marked by it", async (status, flags) => {
  const { tracing, sent } = recorded();
  await tracing.capture(
    "request",
    async () => status,
    (answered) => ({ status: answered as number }),
  );
  const { http, error, throttle, fault } = sent[0]?.segment ?? {};
  expect(http).toEqual({ response: { status } });
  expect(JSON.parse(JSON.stringify({ error, throttle, fault }))).toEqual(flags);
});

test.each<[string, () => object]>([
  [
    "cannot be computed",
    () => {
      throw new Error("no fields");
    },
  ],
  ["cannot be written", () => ({ annotations: { size: 1n } })],
])("fields that %s fail nothing", async (_case, fields) => {
  const { tracing, sent } = recorded();
  await expect(tracing.capture("DynamoDB", async () => 1, fields)).resolves.toBe(1);
  await expect(
    tracing.capture("DynamoDB", () => Promise.reject(new Error("its own")), fields),
  ).rejects.toThrow("its own");
  expect(sent).toEqual([]);
});

test.each([
  ["the invocation is not sampled", { ...environment, _X_AMZN_TRACE_ID: "Root=1-a-b;Parent=c;Sampled=0" }],
  ["there is no trace", { AWS_XRAY_DAEMON_ADDRESS: "127.0.0.1:2000" }],
  ["there is no daemon, as in the local environment", { _X_AMZN_TRACE_ID: environment._X_AMZN_TRACE_ID }],
  ["the daemon's address is none", { ...environment, AWS_XRAY_DAEMON_ADDRESS: "here" }],
])("does the work and sends nothing when %s", async (_case, variables) => {
  const { tracing, sent } = recorded(variables);
  await expect(tracing.capture("DynamoDB", async () => 1)).resolves.toBe(1);
  expect(sent).toEqual([]);
});

test("an address by protocol is read", async () => {
  const { tracing, sent } = recorded({
    ...environment,
    AWS_XRAY_DAEMON_ADDRESS: "tcp:127.0.0.2:2001 udp:127.0.0.3:2002",
  });
  await tracing.capture("DynamoDB", async () => 1);
  expect(sent).toMatchObject([{ host: "127.0.0.3", port: 2002 }]);
});

test("what cannot be sent fails nothing", async () => {
  const tracing = new Tracing({ environment, send: () => Promise.reject(new Error("unreachable")) });
  await expect(tracing.capture("DynamoDB", async () => 1)).resolves.toBe(1);
  await expect(tracing.flush()).resolves.toBeUndefined();
});

test("by default sends by UDP, and has sent once flushed", async () => {
  const daemon = createSocket("udp4");
  daemon.bind(0, "127.0.0.1");
  await once(daemon, "listening");
  const received = once(daemon, "message");
  const tracing = new Tracing({
    environment: { ...environment, AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}` },
  });
  await tracing.capture("DynamoDB", async () => 1);
  await tracing.flush();
  const [message] = (await received) as [Buffer];
  expect(message.toString()).toMatch(/^\{"format":"json","version":1\}\n\{.*"name":"DynamoDB"/);
  daemon.close();
});
