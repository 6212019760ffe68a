import { type Evidence, violationsOf } from "./check";

const event = (id: string, orderId: string, sequence: number) => ({
  ...{ id, orderId, sequence },
  type: sequence === 1 ? "shop.order.placed.v1" : "shop.order.cancelled.v1",
});
const [p1, p2, c2] = [event("p1", "order-1", 1), event("p2", "order-2", 1), event("c2", "order-2", 2)];
const row1 = { partition: "1#user-1", orderId: "order-1", sequence: 1, status: "placed", version: 1 };
const row2 = { partition: "1#user-2", orderId: "order-2", sequence: 2, status: "cancelled", version: 2 };

/** One order that is placed, one that is cancelled; events came again late. */
const good: Evidence = {
  orders: new Map([
    ["order-1", { principal: "user-1", status: "placed", version: 1 }],
    ["order-2", { principal: "user-2", status: "cancelled", version: 2 }],
  ]),
  outbox: [p1, p2, c2],
  stream: [p1, p2, p2, c2, p1, p2],
  view: [row1, row2],
};

test.each<[string, Partial<Evidence>, ReturnType<typeof violationsOf>]>([
  ["repetitions alone", {}, []],
  ["an order that is lost", { view: [row2] }, [{ what: "placed, and not in the view", ids: ["order-1"] }]],
  [
    "an order twice",
    { view: [row1, row2, { ...row1, partition: "1#user-2" }] },
    [{ what: "in the view more than once", ids: ["order-1"] }],
  ],
  ...(
    [
      ["an older version", { sequence: 1, status: "placed", version: 1 }],
      ["another status", { status: "placed" }],
      ["another event's sequence", { sequence: 1 }],
      ["another user", { partition: "1#user-1" }],
    ] as const
  ).map(([what, change]): [string, Partial<Evidence>, ReturnType<typeof violationsOf>] => [
    what,
    { view: [row1, { ...row2, ...change }] },
    [{ what: "in the view otherwise than it is", ids: ["order-2"] }],
  ]),
  [
    "an order of nobody",
    { view: [row1, row2, { ...row1, orderId: "order-3" }] },
    [{ what: "in the view, and never placed", ids: ["order-3"] }],
  ],
  [
    "an event that is lost",
    { stream: [p1, p2] },
    [{ what: "committed, and not in the stream", ids: ["c2"] }],
  ],
  [
    "events that were not committed so, each named once",
    {
      stream: [p1, p2, c2, { ...p1, id: "p3" }, { ...p2, orderId: "order-1" }, { ...p2, orderId: "order-1" }],
    },
    [
      { what: "in the stream, and not committed so", ids: ["p3", "p2"] },
      { what: "in the stream first in another order than committed", ids: ["order-1"] },
    ],
  ],
  [
    "an event before the one that it follows",
    { stream: [p1, c2, p2] },
    [{ what: "in the stream first in another order than committed", ids: ["order-2"] }],
  ],
])("finds %s", (_what, change, expected) => {
  expect(violationsOf({ ...good, ...change })).toEqual(expected);
});
