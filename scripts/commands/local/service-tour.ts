import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  AdminAddUserToGroupCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-cognito-identity-provider";
import { CommandError } from "../../internal/cli";
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

/** Within which an order's event has come to the history, also on a machine that has much else to do. */
const HISTORY_MILLISECONDS = 60_000;

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
}

/**
 * Does what a seller and a customer do: puts a product on sale, begins a session, looks at the shop, places an order and waits until its event has brought it to the history, each where
 * the service for it is deployed. A second time it finds product and order there and only reads.
 *
 * @throws CommandError naming the request that was not answered as it should be
 */
export async function takeServiceTour({
  endpoints,
  email,
  signIn,
  onExchange,
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
  await call({
    ...orders,
    method: "POST",
    headers: { ...shop.headers, "idempotency-key": randomUUID() },
    body: { items: [{ productId: PRODUCT.id, quantity: 2 }] },
    expected: [201],
  });
  await call({ ...orders, method: "GET", expected: [200] });
  if (endpoints.historyTable === undefined) return;
  // The history is written from the events of the order.
  const headers = { authorization, ...shop.headers, "cache-control": "max-age=0" };
  const end = Date.now() + HISTORY_MILLISECONDS;
  for (;;) {
    const answered = await send({ ...history, headers });
    if (itemsIn(answered.text) > 0) {
      onExchange(answered.exchange);
      return;
    }
    if (Date.now() > end) {
      throw new CommandError(
        "storefront",
        `the order is not in GET ${history.path} after ${HISTORY_MILLISECONDS / 1000} s`,
        "scripts/local logs order-relay shows whether its event was published, and logs order-history what became of it",
      );
    }
    await sleep(250);
  }
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
