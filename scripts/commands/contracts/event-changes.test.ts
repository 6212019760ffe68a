import { eventChanges } from "./event-changes";

const PLACED = {
  "x-type": "shop.order.placed.v1",
  "x-source": "orders",
  type: "object",
  required: ["order"],
  properties: {
    order: { $ref: "#/$defs/Order" },
    reason: { type: "string", enum: ["user", "fault"] },
  },
  $defs: { Order: { required: ["id"], properties: { id: { type: "string", format: "uuid" } } } },
};

/** The schema with its text changed. */
function changed(from: string, to: string): typeof PLACED {
  const text = JSON.stringify(PLACED);
  if (!text.includes(from)) throw new Error(`${from} is not in the schema`);
  return JSON.parse(text.replace(from, to)) as typeof PLACED;
}

test.each([
  ["as it was", PLACED],
  ["with a new field, which may be absent", changed('"reason":', '"gift":{"type":"boolean"},"reason":')],
  ["described", { ...PLACED, title: "Order placed", description: "…", examples: [{}] }],
])("an event %s breaks nobody", (_name, current) => {
  expect(eventChanges(PLACED, current)).toEqual([]);
});

test.each([
  [
    "another type",
    changed(".v1", ".v2"),
    "#",
    "x-type is shop.order.placed.v2, it was shop.order.placed.v1: rules and consumers go by it",
  ],
  [
    "another source",
    changed('"orders"', '"shop"'),
    "#",
    "x-source is shop, it was orders: rules and consumers go by it",
  ],
  [
    "a new field that is required",
    changed('["order"]', '["order","reason"]'),
    "#",
    'the field "reason" is required: events under way and in the archive lack it',
  ],
  [
    "a field that may be absent",
    changed('["id"]', "[]"),
    "#/$defs/Order",
    'the field "id" may be absent: consumers refuse it',
  ],
  [
    "a field that is gone",
    changed('"reason":', '"why":'),
    "#/properties/reason",
    "the field is gone: consumers read it",
  ],
  [
    "a value more",
    changed('"fault"]', '"fault","other"]'),
    "#/properties/reason",
    'allows "other" besides: consumers refuse it',
  ],
  [
    "a value less",
    changed(',"fault"]', "]"),
    "#/properties/reason",
    'no longer allows "fault": events under way and in the archive are refused',
  ],
  [
    "another type of a field",
    changed('"string","format":"uuid"', '["string","null"],"format":"uuid"'),
    "#/$defs/Order/properties/id",
    "allows the type null besides: consumers refuse it",
  ],
])("%s breaks", (_name, current, pointer, change) => {
  expect(eventChanges(PLACED, current)).toEqual([{ pointer, change }]);
});
