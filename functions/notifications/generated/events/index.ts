// Generated from api/events by scripts/generate. Do not edit.
import type { EventContract } from "../../../../runtime";
import type { FulfilmentFailedV1, FulfilmentShippedV1, OrderCancelledV1, OrderPlacedV1 } from "./types";
import * as validators from "./validators";

export type { FulfilmentFailedV1, FulfilmentShippedV1, OrderCancelledV1, OrderPlacedV1 } from "./types";

export const events = {
  "shop.fulfilment.failed.v1": {
    type: "shop.fulfilment.failed.v1",
    source: "fulfilment",
    dataschema: "fulfilment-failed/v1",
    validate: validators.fulfilmentFailedV1,
  } as EventContract<FulfilmentFailedV1, "shop.fulfilment.failed.v1">,
  "shop.fulfilment.shipped.v1": {
    type: "shop.fulfilment.shipped.v1",
    source: "fulfilment",
    dataschema: "fulfilment-shipped/v1",
    validate: validators.fulfilmentShippedV1,
  } as EventContract<FulfilmentShippedV1, "shop.fulfilment.shipped.v1">,
  "shop.order.cancelled.v1": {
    type: "shop.order.cancelled.v1",
    source: "orders",
    dataschema: "order-cancelled/v1",
    validate: validators.orderCancelledV1,
  } as EventContract<OrderCancelledV1, "shop.order.cancelled.v1">,
  "shop.order.placed.v1": {
    type: "shop.order.placed.v1",
    source: "orders",
    dataschema: "order-placed/v1",
    validate: validators.orderPlacedV1,
  } as EventContract<OrderPlacedV1, "shop.order.placed.v1">,
} as const;
