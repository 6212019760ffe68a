import { randomUUID } from "node:crypto";
import type { components as SessionSchemas } from "../../functions/sessions/generated/v1/types";
import type { components as CatalogSchemas } from "../../services/catalog/generated/v1/types";
import type { components as StorefrontSchemas } from "../../services/storefront/generated/v1/types";
import { type Ask, patient, type ServiceName, serviceClient } from "./services";
import { newUser, type TestUser } from "./users";

export type Product = CatalogSchemas["schemas"]["Product"];
export type ProductInput = CatalogSchemas["schemas"]["ProductInput"];
export type ShownProduct = StorefrontSchemas["schemas"]["Product"];
export type ShownPage = StorefrontSchemas["schemas"]["ProductPage"];
export type Order = StorefrontSchemas["schemas"]["Order"];
export type OrderPage = StorefrontSchemas["schemas"]["OrderPage"];
export type IssuedSession = SessionSchemas["schemas"]["IssuedSession"];
export type Session = SessionSchemas["schemas"]["Session"];

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

/** Headers of a request that is safe to repeat. */
export function withKey(key: string = randomUUID()) {
  return { "Idempotency-Key": key };
}
