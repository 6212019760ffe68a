import { createHash } from "node:crypto";
import {
  expectedVersion,
  hasCurrent,
  invalidRequest,
  isUuid,
  newUuidV7,
  Problem,
  versionTag,
} from "../../runtime";
import { bodyOf, parametersOf, type ServiceApp, type ServiceContext, tellOfRequest } from "../internal";
import type { Catalog } from "./catalog";
import * as bodies from "./generated/v1/bodies";
import * as parameters from "./generated/v1/parameters";
import type { components, operations } from "./generated/v1/types";
import { type Order, orderAnswer } from "./order";
import { type OrderInput, orderContent, repeatedProducts } from "./order-content";
import { pageToken, readPageToken } from "./page-token";
import type { IdempotentRequest, OrderStore, PlaceResult } from "./store";

/** How long a key stands for its order. */
const IDEMPOTENCY_MILLISECONDS = 24 * 60 * 60 * 1000;

/** What the routes work with. */
export interface OrdersConfig {
  readonly store: OrderStore;
  readonly catalog: Catalog;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Cryptographically random bytes. */
  readonly random: (bytes: number) => Uint8Array;
}

type HeadersOf<Name extends keyof operations> = NonNullable<operations[Name]["parameters"]["header"]>;
type QueryOf<Name extends keyof operations> = NonNullable<operations[Name]["parameters"]["query"]>;

/** Adds the routes of api/orders/v1.yaml. */
export function ordersRoutes(config: OrdersConfig): (app: ServiceApp) => void {
  return (app) => {
    app.get("/v1/orders", (context) => listOrders(config, context));
    app.post("/v1/orders", (context) => createOrder(config, context));
    app.get("/v1/orders/:id", (context) => getOrder(config, context));
    app.post("/v1/orders/:id/cancellation", (context) => cancelOrder(config, context));
  };
}

async function listOrders({ store }: OrdersConfig, context: ServiceContext): Promise<Response> {
  const principal = context.get("user").id;
  const asked = parametersOf<Required<Pick<QueryOf<"listOrders">, "limit">> & QueryOf<"listOrders">>(
    context,
    parameters.listOrders,
  );
  const after = asked.pageToken === undefined ? undefined : readPageToken(principal, asked.pageToken);
  if (asked.pageToken !== undefined && after === undefined) {
    const detail = "must be the nextPageToken of the page before, for the same user";
    throw invalidRequest([{ parameter: "pageToken", detail }]);
  }
  const { limit } = asked;
  const { orders, more } = await store.list({ principal, limit, ...(after !== undefined && { after }) });
  const last = orders.at(-1);
  const page: components["schemas"]["OrderPage"] = {
    items: orders.map(orderAnswer),
    ...(more && last !== undefined && { nextPageToken: pageToken(principal, last.id) }),
  };
  return context.json(page);
}

async function createOrder(config: OrdersConfig, context: ServiceContext): Promise<Response> {
  const { store } = config;
  const { "Idempotency-Key": key } = parametersOf<HeadersOf<"placeOrder">>(context, parameters.placeOrder, [
    "Idempotency-Key",
  ]);
  const input = await bodyOf<OrderInput>(context, bodies.placeOrder);
  const repeated = repeatedProducts(input);
  if (repeated.length > 0) throw invalidRequest(repeated);
  if (key === undefined) throw new Problem(428, "Placing an order needs an Idempotency-Key.");
  const request = idempotentRequest(context.get("user").id, key, input, config.now());
  // A repeated request is answered from the database alone, whatever has become of prices, stock and catalog since.
  const known = await store.find(request);
  const result = known ?? (await store.place(request, await newOrder(config, context, input)));
  return placedAnswer(context, result);
}

function idempotentRequest(
  principal: string,
  key: string,
  { items }: OrderInput,
  now: number,
): IdempotentRequest {
  const said = JSON.stringify(items.map(({ productId, quantity }) => [productId, quantity]));
  return {
    ...{ principal, keyHash: sha256(key), requestHash: sha256(said) },
    ...{ now: new Date(now), expiresAt: new Date(now + IDEMPOTENCY_MILLISECONDS) },
  };
}

/** @throws Problem 409 naming every item that cannot be ordered */
async function newOrder(config: OrdersConfig, context: ServiceContext, input: OrderInput): Promise<Order> {
  const ids = input.items.map(({ productId }) => productId);
  const products = await config.catalog.products(ids, context.req.header("authorization") ?? "");
  const now = config.now();
  return {
    ...{ id: newUuidV7(now, config.random(10)), status: "placed", version: 1, placedAt: new Date(now) },
    ...orderContent(input, products),
  };
}

/** @throws Problem 422 when the key belongs to another request */
function placedAnswer(context: ServiceContext, result: PlaceResult): Response {
  if (result.outcome === "otherRequest") {
    throw new Problem(422, "The Idempotency-Key was used with another body.");
  }
  const { order, outcome } = result;
  tellOfOrder(order, outcome === "placed");
  return context.json(orderAnswer(order), 201, {
    ETag: versionTag(order.version),
    // Relative to the request's URL, which alone is right behind every load balancer.
    Location: `orders/${order.id}`,
    ...(outcome === "replayed" && { "Idempotency-Replayed": "true" }),
  });
}

async function getOrder({ store }: OrdersConfig, context: ServiceContext): Promise<Response> {
  const id = orderIdOf(context);
  const { "If-None-Match": ifNoneMatch } = parametersOf<HeadersOf<"getOrder">>(context, parameters.getOrder, [
    "If-None-Match",
  ]);
  const order = await store.get(context.get("user").id, id);
  if (!order) throw notFound();
  const tag = versionTag(order.version);
  if (hasCurrent(ifNoneMatch, tag)) return context.body(null, 304, { ETag: tag });
  return context.json(orderAnswer(order), 200, { ETag: tag });
}

async function cancelOrder(config: OrdersConfig, context: ServiceContext): Promise<Response> {
  const id = orderIdOf(context);
  const { "If-Match": ifMatch } = parametersOf<HeadersOf<"cancelOrder">>(context, parameters.cancelOrder, [
    "If-Match",
  ]);
  const expected = ifMatch === undefined ? "any" : expectedVersion(ifMatch);
  const result = await config.store.cancel(context.get("user").id, id, expected, new Date(config.now()));
  if (result.outcome === "missing") throw notFound();
  if (result.outcome === "conflict") {
    throw new Problem(412, "The order has changed since; its current ETag is in the header.", [], {
      ETag: versionTag(result.version),
    });
  }
  tellOfOrder(result.order, result.outcome === "cancelled");
  return context.json(orderAnswer(result.order), 200, { ETag: versionTag(result.order.version) });
}

/** By the order's id people look for its lines; the sequence is that of the event, if this request has written one. */
function tellOfOrder({ id, version }: Order, changed: boolean): void {
  tellOfRequest({ orderId: id, ...(changed && { sequence: version }) });
}

/** @throws Problem 404 when it is no id: nothing can have it */
function orderIdOf({ req }: ServiceContext): string {
  const id = req.param("id") ?? "";
  if (!isUuid(id)) throw notFound();
  return id.toLowerCase();
}

/** Another user's order, or none: the answer is the same. */
function notFound(): Problem {
  return new Problem(404, "There is no such order.");
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
