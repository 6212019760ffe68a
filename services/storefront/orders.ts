import { Problem, type Violation } from "../../runtime";
import { DependencyError, type HttpAnswer, HttpClient } from "../internal";
import type { components } from "./generated/v1/types";

/** An order, as the orders service tells it. */
export type Order = components["schemas"]["Order"];
/** What a client asks for. */
export type OrderInput = components["schemas"]["OrderInput"];

/** A page of orders. */
export interface OrderList {
  readonly items: readonly Order[];
  readonly nextPageToken?: string;
}

/** What became of placing an order. */
export interface Placed {
  readonly order: Order;
  /** An earlier request had placed it. */
  readonly replayed: boolean;
}

/** Places and lists orders of the user for whom it is asked. */
export interface Orders {
  /** @throws Problem as the orders service has it; DependencyError when it does not answer: the key tells, asked again */
  place(input: OrderInput, key: string, authorization: string): Promise<Placed>;
  /** @throws Problem 400 when the token is none; DependencyError */
  list(limit: number, pageToken: string | undefined, authorization: string): Promise<OrderList>;
}

/** The orders by their HTTP API, api/orders/v1.yaml. */
export class HttpOrders implements Orders {
  private readonly client: HttpClient;

  constructor(baseUrl: string) {
    // The service itself takes up to 10 s; who waits here has 10 s in all.
    this.client = new HttpClient({
      ...{ name: "orders", baseUrl },
      ...{ timeoutMilliseconds: 4000, totalMilliseconds: 6500 },
    });
  }

  async place(input: OrderInput, key: string, authorization: string): Promise<Placed> {
    const answer = await this.client.call({
      method: "POST",
      path: "/v1/orders",
      headers: { authorization, "idempotency-key": key },
      json: input,
      repeatable: true,
    });
    const order = read(answer, 201, isOrder);
    return { order, replayed: answer.header("idempotency-replayed") === "true" };
  }

  async list(limit: number, pageToken: string | undefined, authorization: string): Promise<OrderList> {
    const query = { limit, pageToken };
    const answer = await this.client.call({ path: "/v1/orders", query, headers: { authorization } });
    return read(answer, 200, isOrderList);
  }

  /** Ends the connections, once the calls under way have ended. */
  close(): Promise<void> {
    return this.client.close();
  }
}

/** Statuses by which the orders service tells the client what is wrong with its request. */
const REFUSALS = [400, 401, 409, 413, 415, 422, 428];

function read<T>(answer: HttpAnswer, expected: number, isValid: (value: unknown) => value is T): T {
  const { status } = answer;
  const body = answer.json();
  if (status === expected && isValid(body)) return body;
  const { detail, errors } = Object(body) as { detail?: unknown; errors?: unknown };
  if (!REFUSALS.includes(status) || typeof detail !== "string") {
    throw new DependencyError("orders", "invalidAnswer", { status, attempts: 1 });
  }
  throw new Problem(status, detail, Array.isArray(errors) ? (errors as Violation[]) : []);
}

function isOrder(value: unknown): value is Order {
  const { id, items, totalCents, version } = Object(value) as Record<string, unknown>;
  return (
    typeof id === "string" &&
    Array.isArray(items) &&
    items.every((item) => typeof Object(item).productId === "string") &&
    Number.isSafeInteger(totalCents) &&
    Number.isSafeInteger(version)
  );
}

function isOrderList(value: unknown): value is OrderList {
  const { items } = Object(value) as { items?: unknown };
  return Array.isArray(items) && items.every(isOrder);
}
