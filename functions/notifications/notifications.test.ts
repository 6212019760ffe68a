import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import type { Context, SQSEvent } from "aws-lambda";
import { unmarshal } from "../../runtime";
import { queueHandler } from "../internal";
import { recordingObservability } from "../internal/recording-observability";
import { events } from "./generated/events";
import { notifier } from "./notifier";
import { readDays } from "./settings";

const ORDER = "01890a5d-ac96-774b-bcce-b302099a8057";
const order = {
  ...{ id: ORDER, status: "placed", totalCents: 3900, currency: "EUR", version: 1 },
  items: [{ productId: "teapot", name: "Teapot", quantity: 1, unitPriceCents: 3900 }],
  ...{ placedAt: "2026-01-01T00:00:00.000Z", cancelledAt: null },
};

function eventOf(type: string, source: string, data: object) {
  const id = `01890a5d-ac96-774b-bcce-${type.length.toString().padStart(12, "0")}`;
  return {
    ...{ specversion: "1.0", id, source, type, subject: ORDER, sequence: 1, partitionkey: ORDER },
    ...{ time: "2026-01-01T00:00:00.500Z", datacontenttype: "application/json" },
    dataschema: `${type.split(".").slice(1, 3).join("-")}/v1`,
    traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`,
    data: { principal: "user-1", ...data },
  };
}

const placed = eventOf("shop.order.placed.v1", "orders", { order });
const cancelled = (reason: string) => eventOf("shop.order.cancelled.v1", "orders", { order, reason });
const failed = (reason: string) =>
  eventOf("shop.fulfilment.failed.v1", "fulfilment", {
    ...{ orderId: ORDER, reason, failedAt: "2026-01-01T00:00:00.500Z" },
  });
const shipped = eventOf("shop.fulfilment.shipped.v1", "fulfilment", {
  ...{ orderId: ORDER, shipmentId: "shipment-1", shippedAt: "2026-01-01T00:00:00.500Z" },
});

/** A table in memory that refuses a second item of one key. */
function setUp() {
  const items: Record<string, unknown>[] = [];
  const { observability, counted, lines } = recordingObservability();
  const client = {
    send: async ({ input }: { input: { Item: Parameters<typeof unmarshal>[0] } }) => {
      const item = unmarshal(input.Item);
      if (items.some(({ sk }) => sk === item["sk"])) {
        throw new ConditionalCheckFailedException({ message: "", $metadata: {} });
      }
      items.push(item);
    },
  };
  const handle = queueHandler({
    observability,
    contracts: events,
    handle: notifier({
      ...{ client: client as never, tableName: "notifications", retentionDays: 10, observability },
    }),
  });
  const take = (...messages: object[]) => {
    const Records = messages.map((body, index) => ({
      ...{ messageId: String(index), body: JSON.stringify(body), eventSourceARN: "arn:queue" },
      attributes: { ApproximateReceiveCount: "1" },
    }));
    return handle({ Records } as unknown as SQSEvent, { getRemainingTimeInMillis: () => 9000 } as Context);
  };
  return { items, counted, lines, take };
}

test.each([
  { name: "placed", event: placed, written: { kind: "orderPlaced" } },
  { name: "cancelled", event: cancelled("user"), written: { kind: "orderCancelled" } },
  { name: "shipped", event: shipped, written: { kind: "orderShipped" } },
  {
    name: "not in stock",
    event: failed("outOfStock"),
    written: { kind: "orderFailed", reason: "outOfStock" },
  },
])("a user is told of an order that is $name, until some days later", async ({ event, written }) => {
  const { items, take } = setUp();
  expect(await take(event)).toEqual({ batchItemFailures: [] });
  expect(items).toEqual([
    {
      ...{ pk: "user-1", sk: event.id, orderId: ORDER, at: event.time, ...written },
      expiresAt: Date.parse("2026-01-11T00:00:00Z") / 1000,
    },
  ]);
});

test.each([
  { name: "an order that is cancelled as it has failed", event: cancelled("fulfilmentFailed") },
  { name: "an order that has failed as it was cancelled", event: failed("cancelled") },
])("a user is not told twice of $name", async ({ event }) => {
  const { items, counted, take } = setUp();
  await take(event);
  expect(items).toEqual([]);
  expect(counted).toContain("NotificationLeftOut");
});

test("control 9: an event that comes again is written once", async () => {
  const { items, counted, take } = setUp();
  await take(placed);
  expect(await take(placed)).toEqual({ batchItemFailures: [] });
  expect(items).toHaveLength(1);
  expect(counted).toContain("NotificationKnown");
});

test("control 7: a poison message fails alone", async () => {
  const { items, take } = setUp();
  expect(await take({ type: "?" }, placed)).toEqual({ batchItemFailures: [{ itemIdentifier: "0" }] });
  expect(items).toHaveLength(1);
});

test("control 28: nothing of what a user ordered is logged", async () => {
  const { lines, take } = setUp();
  await take(placed, { ...placed, sequence: "Teapot" });
  expect(lines).toHaveLength(2);
  for (const text of ["eapot", "3900", "user-1"]) expect(JSON.stringify(lines)).not.toContain(text);
});

test.each(["0", "1.5", ""])("days of %j are named at start", (text) => {
  expect(() => readDays("RETENTION_DAYS", text)).toThrow(
    new Error(`environment: RETENTION_DAYS must be a whole number of days from 1 to 9999, got "${text}"`),
  );
});
