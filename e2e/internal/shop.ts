import { randomUUID } from "node:crypto";
import type { components as SessionSchemas } from "../../functions/sessions/generated/v1/types";
import type { components as CatalogSchemas } from "../../services/catalog/generated/v1/types";
import type { components as StorefrontSchemas } from "../../services/storefront/generated/v1/types";
import { type Ask, patient, type ServiceName, serviceClient, until } from "./services";
import { newUser, type TestUser } from "./users";

export type Product = CatalogSchemas["schemas"]["Product"];
export type ProductInput = CatalogSchemas["schemas"]["ProductInput"];
export type ShownProduct = StorefrontSchemas["schemas"]["Product"];
export type ShownPage = StorefrontSchemas["schemas"]["ProductPage"];
export type Order = StorefrontSchemas["schemas"]["Order"];
export type HistoryOrder = StorefrontSchemas["schemas"]["HistoryOrder"];
type HistoryPage = StorefrontSchemas["schemas"]["HistoryPage"];
export type OrderPage = StorefrontSchemas["schemas"]["OrderPage"];
export type IssuedSession = SessionSchemas["schemas"]["IssuedSession"];
export type Session = SessionSchemas["schemas"]["Session"];

/** Within which an event is in the view, in an environment that others use at the same time. */
const ARRIVES_SECONDS = 30;

/** A user with a client of each service, a patient one. */
export interface Customer extends TestUser {
  /** Of a session of the user's. */
  readonly sessionToken: string;
  readonly catalog: Ask;
  readonly orders: Ask;
  /** Sends the session along. */
  readonly storefront: Ask;
  /** Sends the ID token alone. */
  readonly sessions: Ask;
}

/** Signs a new user up and in, and begins a session. @param groups that the user is in */
export async function newCustomer(groups: readonly string[] = []): Promise<Customer> {
  const user = await newUser(groups);
  const headers = { Authorization: `Bearer ${user.idToken}` };
  const client = (name: ServiceName, more = {}) => patient(serviceClient(name, { ...headers, ...more }));
  const sessions = client("sessions");
  const sessionToken = await beginSession(sessions);
  return {
    ...user,
    sessionToken,
    catalog: client("catalog"),
    orders: client("orders"),
    storefront: client("storefront", { "X-Session-Token": sessionToken }),
    sessions,
  };
}

/** The same, who may write products. */
export function newSeller(): Promise<Customer> {
  return newCustomer(["catalog-admin"]);
}

/** The same user with clients that take every answer as it comes. */
export function impatient(customer: Customer): Customer {
  const headers = { Authorization: `Bearer ${customer.idToken}` };
  return {
    ...customer,
    catalog: serviceClient("catalog", headers),
    orders: serviceClient("orders", headers),
    storefront: serviceClient("storefront", { ...headers, "X-Session-Token": customer.sessionToken }),
    sessions: serviceClient("sessions", headers),
  };
}

/** Begins another session. @returns its token */
export async function beginSession(sessions: Ask): Promise<string> {
  const { status, text, body } = await sessions<IssuedSession>("POST", "/sessions");
  if (status !== 201) throw new Error(`POST /sessions answered ${status} ${text}`);
  return body.token;
}

/** Puts a product on sale that no other test has. */
export async function newProduct(
  { catalog }: Pick<Customer, "catalog">,
  fields: Partial<ProductInput> = {},
): Promise<Product> {
  const input = { name: "Teapot", priceCents: 2950, currency: "EUR", available: 1000, ...fields };
  const { status, text, body } = await catalog<Product>("PUT", `/v1/products/test-${randomUUID()}`, {
    headers: { "If-None-Match": "*" },
    body: input,
  });
  if (status !== 201) throw new Error(`PUT /v1/products/{id} answered ${status} ${text}`);
  return body;
}

/** Body of an order. @param quantities by the product's id */
export function orderOf(quantities: Readonly<Record<string, number>>) {
  return { items: Object.entries(quantities).map(([productId, quantity]) => ({ productId, quantity })) };
}

/** Places an order of one product. @param ask client of orders or of the storefront @throws Error naming another answer than 201 */
export async function placeOrder(ask: Ask, { id }: Pick<Product, "id">, quantity = 1): Promise<Order> {
  const { status, text, body } = await ask<Order>("POST", "/v1/orders", {
    headers: withKey(),
    body: orderOf({ [id]: quantity }),
  });
  if (status !== 201) throw new Error(`POST /v1/orders answered ${status} ${text}`);
  return body;
}

/** An order in the view of its customer, once it is there and as it should be. @throws Error when that is not so in time */
export function orderInHistory(
  { storefront }: Pick<Customer, "storefront">,
  id: string,
  isRight: (order: HistoryOrder) => boolean,
  seconds = ARRIVES_SECONDS,
): Promise<HistoryOrder> {
  return until(`order ${id} in the view, as it should be`, seconds, async () => {
    const { status, body } = await storefront<HistoryOrder>("GET", `/v1/order-history/${id}`);
    return status === 200 && isRight(body) && body;
  });
}

/**
 * Ids of all of a customer's orders in the view, as often as they are in it.
 *
 * @param limit orders in a page
 * @param headers of each request
 * @throws Error naming another answer than 200
 */
export async function orderHistory(
  { storefront }: Pick<Customer, "storefront">,
  limit: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const ids: string[] = [];
  let pageToken: string | undefined;
  do {
    const query = pageToken === undefined ? "" : `&pageToken=${encodeURIComponent(pageToken)}`;
    const path = `/v1/order-history?limit=${limit}${query}`;
    const { status, body, text } = await storefront<HistoryPage>("GET", path, { headers });
    if (status !== 200) throw new Error(`GET ${path} answered ${status} ${text}`);
    ids.push(...body.items.map(({ id }) => id));
    pageToken = body.nextPageToken;
  } while (pageToken !== undefined);
  return ids;
}

/** Headers of a request that is safe to repeat. */
export function withKey(key: string = randomUUID()) {
  return { "Idempotency-Key": key };
}
