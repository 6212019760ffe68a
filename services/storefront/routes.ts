import { describeError, isUuid, Problem, versionTag, wantsConsistent } from "../../runtime";
import {
  bodyOf,
  DependencyError,
  type Logger,
  parametersOf,
  requestSignal,
  type ServiceApp,
  type ServiceContext,
} from "../internal";
import type { Asking } from "./catalog";
import * as bodies from "./generated/v1/bodies";
import * as parameters from "./generated/v1/parameters";
import type { components, operations } from "./generated/v1/types";
import type { History, HistoryAsking } from "./history";
import type { Order, OrderInput, Orders } from "./orders";
import { isProductId, type Product } from "./product";
import type { Products } from "./products";
import type { Found } from "./read-through";
import type { Sessions } from "./sessions";

/** What the routes work with. */
export interface StorefrontConfig {
  readonly products: Products;
  readonly orders: Orders;
  /** @default the environment has none: 404 */
  readonly history?: History;
  readonly sessions: Sessions;
  readonly logger: Pick<Logger, "warn">;
}

type HeadersOf<Name extends keyof operations> = NonNullable<operations[Name]["parameters"]["header"]>;
type QueryOf<Name extends keyof operations> = NonNullable<operations[Name]["parameters"]["query"]>;
type Limited<Query extends { limit?: number }> = Query & { readonly limit: number };

/** Adds the routes of api/storefront/v1.yaml, for users with a session. */
export function storefrontRoutes(config: StorefrontConfig): (app: ServiceApp) => void {
  return (app) => {
    app.use("/v1/*", async (context, next) => {
      await config.sessions.check(context.req.header("x-session-token"), context.get("user").id);
      await next();
    });
    app.get("/v1/products", (context) => listProducts(config, context));
    app.get("/v1/products/:id", (context) => getProduct(config, context));
    app.get("/v1/orders", (context) => listOrders(config, context));
    app.post("/v1/orders", (context) => placeOrder(config, context));
    app.get("/v1/order-history", (context) => listOrderHistory(config, context));
    app.get("/v1/order-history/:id", (context) => getOrderHistory(config, context));
  };
}

async function listProducts({ products }: StorefrontConfig, context: ServiceContext): Promise<Response> {
  const { limit, pageToken } = parametersOf<Limited<QueryOf<"listProducts">>>(
    context,
    parameters.listProducts,
    ["Cache-Control"],
  );
  const found = await products.page(limit, pageToken, askingOf(context));
  if (!found.value) throw new Problem(400, "The request has 1 error.", [notAToken]);
  return context.json(found.value, 200, cacheStatus(found));
}

const notAToken = { parameter: "pageToken", detail: "must be the nextPageToken of the page before" };

async function getProduct({ products }: StorefrontConfig, context: ServiceContext): Promise<Response> {
  parametersOf<HeadersOf<"getProduct">>(context, parameters.getProduct, ["Cache-Control"]);
  const id = context.req.param("id") ?? "";
  const found = isProductId(id) ? await products.get(id, askingOf(context)) : undefined;
  if (!found?.value) throw new Problem(404, "There is no such product.");
  return context.json(found.value, 200, cacheStatus(found));
}

async function listOrders(config: StorefrontConfig, context: ServiceContext): Promise<Response> {
  const { limit, pageToken } = parametersOf<Limited<QueryOf<"listOrders">>>(context, parameters.listOrders);
  const asking = askingOf(context);
  const { items, nextPageToken } = await config.orders.list(limit, pageToken, asking.authorization);
  const names = await namesOf(config, items, asking);
  const page: components["schemas"]["OrderPage"] = {
    items: items.map((order) => ({
      ...order,
      items: order.items.map(({ productId, name, quantity, unitPriceCents }) => ({
        productId,
        name: names?.get(productId)?.value?.name ?? null,
        orderedName: name,
        ...{ quantity, unitPriceCents },
      })),
    })),
    namesMissing: names === undefined,
    ...(nextPageToken !== undefined && { nextPageToken }),
  };
  return context.json(page);
}

/** The products of some orders, asked for together. @returns nothing when the catalog does not tell: the orders are shown without */
async function namesOf(
  { products, logger }: StorefrontConfig,
  orders: readonly Order[],
  asking: Asking,
): Promise<ReadonlyMap<string, Found<Product>> | undefined> {
  const ids = orders.flatMap(({ items }) => items.map(({ productId }) => productId));
  if (ids.length === 0) return new Map();
  try {
    return await products.getMany(ids, asking);
  } catch (error) {
    if (!(error instanceof DependencyError)) throw error;
    logger.warn("names missing", { cause: describeError(error) });
    return undefined;
  }
}

async function placeOrder({ orders }: StorefrontConfig, context: ServiceContext): Promise<Response> {
  const { "Idempotency-Key": key } = parametersOf<HeadersOf<"placeOrder">>(context, parameters.placeOrder, [
    "Idempotency-Key",
  ]);
  const input = await bodyOf<OrderInput>(context, bodies.placeOrder);
  if (key === undefined) throw new Problem(428, "Placing an order needs an Idempotency-Key.");
  const { order, replayed } = await orders.place(input, key, askingOf(context).authorization);
  return context.json(order, 201, {
    ETag: versionTag(order.version),
    ...(replayed && { "Idempotency-Replayed": "true" }),
  });
}

async function listOrderHistory({ history }: StorefrontConfig, context: ServiceContext): Promise<Response> {
  const { limit, pageToken } = parametersOf<Limited<QueryOf<"listOrderHistory">>>(
    context,
    parameters.listOrderHistory,
    ["Cache-Control"],
  );
  if (!history) throw noHistory();
  // The token is the last order's id; whoever makes one up can but page through their own.
  if (pageToken !== undefined && !isUuid(pageToken)) {
    throw new Problem(400, "The request has 1 error.", [notAToken]);
  }
  const found = await history.page(limit, pageToken, historyAskingOf(context));
  return context.json(found.value ?? { items: [] }, 200, cacheStatus(found));
}

async function getOrderHistory({ history }: StorefrontConfig, context: ServiceContext): Promise<Response> {
  parametersOf<HeadersOf<"getOrderHistory">>(context, parameters.getOrderHistory, ["Cache-Control"]);
  if (!history) throw noHistory();
  const id = context.req.param("id") ?? "";
  const found = isUuid(id) ? await history.get(id.toLowerCase(), historyAskingOf(context)) : undefined;
  if (!found?.value) throw new Problem(404, "The history has no such order.");
  return context.json(found.value, 200, cacheStatus(found));
}

function noHistory(): Problem {
  return new Problem(404, "This environment has no order history.");
}

/** Whose history is asked for is the token's to say, and nothing else's. */
function historyAskingOf(context: ServiceContext): HistoryAsking {
  return {
    principal: context.get("user").id,
    fresh: askingOf(context).fresh,
    signal: requestSignal(),
  };
}

function askingOf({ req }: ServiceContext): Asking {
  return {
    authorization: req.header("authorization") ?? "",
    fresh: wantsConsistent({ header: (name) => req.header(name) }),
  };
}

function cacheStatus({ hit }: Found<unknown>): Record<string, string> {
  return { "Cache-Status": hit ? "storefront; hit" : "storefront; fwd=miss" };
}
