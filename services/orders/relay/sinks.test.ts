/** The sinks with the SDK's clients, against a server that answers what a test says. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { BusSink } from "./bus-sink";
import { calls, type EventSink, type OutgoingEvent } from "./event-sink";
import { StreamSink } from "./stream-sink";

interface Call {
  readonly target: string;
  readonly body: { readonly Records?: readonly object[]; readonly Entries?: readonly object[] };
}

let server: Server;
let seen: Call[];
/** What is answered next, and then again and again. */
let answers: { readonly status?: number; readonly body: object }[];
let sinks: { readonly stream: EventSink; readonly bus: EventSink };
const clients: { destroy(): void }[] = [];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    seen.push({
      target: String(request.headers["x-amz-target"]),
      body: JSON.parse(Buffer.concat(chunks).toString("utf8")),
    });
    const { status = 200, body } = (answers.length > 1 ? answers.shift() : answers[0]) ?? { body: {} };
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const config = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  };
  const kinesis = new KinesisClient({ ...config, requestHandler: new NodeHttpHandler() });
  const eventBridge = new EventBridgeClient(config);
  clients.push(kinesis, eventBridge);
  sinks = {
    stream: new StreamSink(kinesis, "order-events"),
    bus: new BusSink(eventBridge, "shop"),
  };
});
afterAll(() => {
  for (const client of clients) client.destroy();
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  seen = [];
});

const event = (id: string): OutgoingEvent => ({
  ...{ id, orderId: `order-${id}`, type: "shop.order.placed.v1" },
  text: `{"id":"${id}","name":"ä"}`,
});
const events = (count: number) => Array.from({ length: count }, (_, index) => event(String(index)));
const patience = () => AbortSignal.timeout(10_000);

test("a record of the stream is the event, with its order as the key", async () => {
  answers = [{ body: { Records: [{ SequenceNumber: "1", ShardId: "0" }] } }];
  expect(await sinks.stream.publish([event("a")], patience())).toEqual([]);
  expect(seen).toEqual([
    {
      target: "Kinesis_20131202.PutRecords",
      body: {
        StreamName: "order-events",
        Records: [{ PartitionKey: "order-a", Data: Buffer.from(event("a").text).toString("base64") }],
      },
    },
  ]);
});

test("an entry of the bus has the event as its detail, and no time, by which an archive would replay it", async () => {
  answers = [{ body: { FailedEntryCount: 0, Entries: [{ EventId: "1" }] } }];
  expect(await sinks.bus.publish([event("a")], patience())).toEqual([]);
  expect(seen).toEqual([
    {
      target: "AWSEvents.PutEvents",
      body: {
        Entries: [
          {
            ...{ EventBusName: "shop", Source: "shop.orders", DetailType: "shop.order.placed.v1" },
            Detail: event("a").text,
          },
        ],
      },
    },
  ]);
});

test.each([
  {
    name: "stream",
    sink: () => sinks.stream,
    body: {
      FailedRecordCount: 1,
      Records: [
        { SequenceNumber: "1" },
        { ErrorCode: "ProvisionedThroughputExceededException", ErrorMessage: "Rate exceeded" },
      ],
    },
    code: "ProvisionedThroughputExceededException",
  },
  {
    name: "bus",
    sink: () => sinks.bus,
    body: {
      FailedEntryCount: 1,
      Entries: [{ EventId: "1" }, { ErrorCode: "ThrottlingException", ErrorMessage: "Rate exceeded" }],
    },
    code: "ThrottlingException",
  },
])(
  "$name: of a call that succeeds in part, those are told that were refused or not spoken of",
  async ({ sink, body, code }) => {
    answers = [{ body }];
    expect(await sink().publish([event("a"), event("b"), event("c")], patience())).toEqual([
      { id: "b", code },
      { id: "c", code: "NoAnswer" },
    ]);
  },
);

test.each([
  { name: "stream", sink: () => sinks.stream },
  { name: "bus", sink: () => sinks.bus },
])(
  "$name: all of a call that fails are refused, by the error's code, and nothing is thrown",
  async ({ sink }) => {
    answers = [{ status: 400, body: { __type: "AccessDeniedException", message: "of order-a" } }];
    expect(await sink().publish([event("a"), event("b")], patience())).toEqual([
      { id: "a", code: "AccessDeniedException", ofCall: true },
      { id: "b", code: "AccessDeniedException", ofCall: true },
    ]);
    expect(await sink().publish([event("a")], AbortSignal.abort())).toEqual([
      { id: "a", code: "AbortError", ofCall: true },
    ]);
  },
);

test("what does not fit into one call is sent by several, and each has its own answer", async () => {
  answers = [
    { body: { Entries: Array(10).fill({ EventId: "1" }) } },
    { body: { Entries: Array(10).fill({ EventId: "1" }) } },
    { status: 400, body: { __type: "ThrottlingException" } },
  ];
  const refused = await sinks.bus.publish(events(25), patience());
  expect(seen.map(({ body }) => body.Entries?.length)).toEqual([10, 10, 5]);
  expect(refused.length === 10 || refused.length === 5).toBe(true);
  expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(["ThrottlingException"]));
});

test.each([
  { name: "none", sizes: [], expected: [] },
  { name: "as many as may be", sizes: [1, 1, 1], expected: [[1, 1, 1]] },
  { name: "one more", sizes: [1, 1, 1, 1], expected: [[1, 1, 1], [1]] },
  { name: "as large as may be", sizes: [6, 4], expected: [[6, 4]] },
  { name: "larger together than may be", sizes: [6, 5, 5], expected: [[6], [5, 5]] },
  { name: "one that is too large by itself", sizes: [1, 11, 1], expected: [[1], [11], [1]] },
])("calls: $name", ({ sizes, expected }) => {
  expect(calls(sizes, { events: 3, bytes: 10 }, (size) => size)).toEqual(expected);
});
