import { randomUUID } from "node:crypto";
import {
  AdminAddUserToGroupCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-cognito-identity-provider";
import { CommandError } from "../../internal/cli";
import { waitUntil } from "../../internal/wait-until";
import { type Exchange, shorten } from "./exchange";
import type { Endpoints } from "./outputs";
import { userPoolAdmin } from "./users";

/** The group whose members write products: services/catalog. */
const SELLERS = "catalog-admin";
const PRODUCT = {
  id: "sample-teapot",
  content: {
    name: "Teapot",
    description: "From the tour.",
    priceCents: 2950,
    currency: "EUR",
    available: 1000,
  },
};

/** States of an order after which it is shipped no more. */
const ENDED: ReadonlySet<string> = new Set(["failed", "cancelled"]);

/** One request to a service. */
interface Call {
  /** Which service, in the exchange and in errors. */
  readonly service: string;
  readonly url: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: object;
  /** Status codes that are right. */
  readonly expected: readonly number[];
}

/** What the tour of the services works with. */
export interface ServiceTourConfig {
  readonly endpoints: Endpoints;
  readonly email: string;
  /** Signs the user in: its token names the groups that it was in then. */
  readonly signIn: () => Promise<string>;
  /** Told of each request. */
  readonly onExchange: (exchange: Exchange) => void;
  /** Within which an order's events have come to the history. @default 60, for a machine that has much else to do */
  readonly historySeconds?: number;
}

/**
 * Does what a seller and a customer do: puts a product on sale, begins a session, looks at the shop, places an order and watches in the history how it is
 * fulfilled, each where that is deployed. A second time it finds product and order there and only reads.
 *
 * @throws CommandError naming the request that was not answered as it should be
 */
export async function takeServiceTour({
  endpoints,
  email,
  signIn,
  onExchange,
  historySeconds = 60,
}: ServiceTourConfig): Promise<void> {
  const { catalogUrl, sessionsUrl, storefrontUrl } = endpoints;
  const seller = catalogUrl !== undefined && (await addToSellers(endpoints, email));
  if (seller)
    onExchange({ request: `Cognito user pool: add ${email} to the group ${SELLERS}`, answer: "added" });
  const authorization = `Bearer ${await signIn()}`;
  const call = async (config: Omit<Call, "headers"> & { readonly headers?: Call["headers"] }) => {
    const answered = await send({ ...config, headers: { authorization, ...config.headers } });
    onExchange(answered.exchange);
    return answered;
  };

  let onSale = false;
  if (catalogUrl !== undefined) {
    const product = { service: "catalog", url: catalogUrl, path: `/v1/products/${PRODUCT.id}` };
    const { status } = await call({ ...product, method: "GET", expected: [200, 404] });
    if (status === 404 && seller) {
      await call({
        ...product,
        method: "PUT",
        headers: { "if-none-match": "*" },
        body: PRODUCT.content,
        expected: [201],
      });
    }
    onSale = status === 200 || seller;
  }
  if (sessionsUrl === undefined) return;
  const session = await call({
    service: "sessions",
    url: sessionsUrl,
    method: "POST",
    path: "/sessions",
    expected: [201],
  });
  if (storefrontUrl === undefined) return;
  const { token } = JSON.parse(session.text) as { token: string };
  const shop = { service: "storefront", url: storefrontUrl, headers: { "x-session-token": token } };
  await call({ ...shop, method: "GET", path: "/v1/products", expected: [200] });
  const orders = { ...shop, path: "/v1/orders" };
  const { text } = await call({ ...orders, method: "GET", expected: [200] });
  const history = { ...shop, path: "/v1/order-history", method: "GET", expected: [200] };
  if (!onSale || itemsIn(text) > 0) {
    if (endpoints.historyTable !== undefined) await call(history);
    return;
  }
  const placed = await call({
    ...orders,
    method: "POST",
    headers: { ...shop.headers, "idempotency-key": randomUUID() },
    body: { items: [{ productId: PRODUCT.id, quantity: 2 }] },
    expected: [201],
  });
  await call({ ...orders, method: "GET", expected: [200] });
  if (endpoints.historyTable === undefined) return;
  const order = JSON.parse(placed.text) as PlacedOrder;
  const end = endpoints.fulfilmentFunction === undefined ? order.status : "shipped";
  // By a header the cache is passed over.
  const headers = { authorization, ...shop.headers, "cache-control": "max-age=0" };
  onExchange(await watchOrder({ ...shop, headers }, order, end, historySeconds));
}

/** An order, as it is answered. */
interface PlacedOrder {
  readonly id: string;
  readonly status: string;
}

/**
 * Watches an order in the history, which is written from the events of the order and of its fulfilment, until it has a state there.
 *
 * @returns the states that it went through
 * @throws CommandError when it does not come to that
 */
async function watchOrder(
  shop: Pick<Call, "service" | "url" | "headers">,
  order: PlacedOrder,
  end: string,
  seconds: number,
): Promise<Exchange> {
  const path = `/v1/order-history/${order.id}`;
  const begun = performance.now();
  const passed = () => `${((performance.now() - begun) / 1000).toFixed(1)} s`;
  const seen = [order.status];
  let state: string | undefined;
  await waitUntil(
    async () => {
      const { status, text } = await send({ ...shop, path, method: "GET", expected: [200, 404] });
      // Until its first event has come, the history does not know it.
      if (status === 404) return false;
      const now = (JSON.parse(text) as PlacedOrder).status;
      if (now !== (state ?? order.status)) seen.push(`${now} after ${passed()}`);
      state = now;
      return state === end || ENDED.has(state);
    },
    seconds,
    250,
  );
  if (state === end) {
    const answer = seen.length > 1 ? seen.join(", ") : `${end}, there after ${passed()}`;
    return { request: `storefront: GET ${path}, until it is ${end}`, answer };
  }
  throw new CommandError(
    "storefront",
    `order ${order.id} is not ${end} in the order history after ${passed()}: ${state === undefined ? "it is not there" : seen.join(", ")}`,
    "scripts/local logs order-relay shows whether its events were published, " +
      `${end === "shipped" ? "logs fulfilment the steps of its fulfilment, " : ""}logs order-history what came to the history`,
  );
}

function itemsIn(text: string): number {
  return (JSON.parse(text) as { items: unknown[] }).items.length;
}

/** @returns whether the user pool has that group */
async function addToSellers(endpoints: Endpoints, email: string): Promise<boolean> {
  const pool = userPoolAdmin(endpoints);
  try {
    const user = { UserPoolId: endpoints.userPoolId, Username: email };
    await pool.send(new AdminAddUserToGroupCommand({ ...user, GroupName: SELLERS }));
    return true;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return false;
    throw error;
  } finally {
    pool.destroy();
  }
}

async function send({ service, url, method, path, headers, body, expected }: Call) {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { ...headers, ...(body && { "content-type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  const request = `${service}: ${method} ${path}${body ? ` ${JSON.stringify(body)}` : ""}`;
  const answer = `${response.status} ${shorten(withoutToken(text))}`;
  if (!expected.includes(response.status)) {
    throw new CommandError(
      service,
      `${method} ${path} must answer ${expected.join(" or ")}, got ${answer}`,
      `scripts/local logs ${service} shows what the service says`,
    );
  }
  return { exchange: { request, answer }, status: response.status, text };
}

/** A session's token is as good as a password: what is shown may end up in a log. */
function withoutToken(text: string): string {
  return text.replace(/("token"\s*:\s*")[^"]*/, "$1…");
}
