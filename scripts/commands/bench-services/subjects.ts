import type { Asking } from "./measure";
import { PRODUCT } from "./product";
import type { Started, Surroundings } from "./surroundings";

/** A server that is measured, and what it is asked. */
export interface Subject {
  /** E.g. `catalog: read a product`; the same for the service and for itself without its frame. */
  readonly work: string;
  readonly server: "bare handler" | "service" | "without the frame";
  readonly asking: Omit<Asking, "connections" | "seconds">;
}

const ORDER = JSON.stringify({ items: [{ productId: PRODUCT.id, quantity: 1 }] });

/**
 * Starts what is measured: first the bare handler, then each service as it is deployed and without its frame.
 *
 * @throws Error when one does not answer as it should
 */
export async function startSubjects(surroundings: Surroundings): Promise<Subject[]> {
  const headers = {
    authorization: `Bearer ${surroundings.token()}`,
    "x-session-token": "session",
    "content-type": "application/json",
  };
  const read = (path: string, { url, pid }: Started) => ({ url, pid, method: "GET" as const, path, headers });
  const subjects: Subject[] = [
    {
      ...{ work: "answer a product", server: "bare handler" },
      asking: read("/v1/products/teapot-blue", await surroundings.startPlain("bare")),
    },
  ];
  for (const [name, does] of [
    ["catalog", "read a product"],
    ["orders", "read an order"],
    ["storefront", "read a product, from the cache"],
  ] as const) {
    for (const server of ["service", "without the frame"] as const) {
      const started = await (server === "service"
        ? surroundings.startService(name)
        : surroundings.startPlain(name));
      const path = name === "orders" ? await placeOne(started, headers) : `/v1/products/${PRODUCT.id}`;
      subjects.push({ work: `${name}: ${does}`, server, asking: read(path, started) });
      if (name === "orders") {
        const asking = { ...read("/v1/orders", started), method: "POST" as const, body: ORDER };
        subjects.push({ work: "orders: place an order", server, asking });
      }
    }
  }
  for (const { asking } of subjects) await check(asking);
  return subjects.sort((a, b) => rank(a) - rank(b));
}

/** Those of the same work side by side. */
function rank({ work }: Subject): number {
  return ["answer", "catalog", "orders: read", "orders: place", "storefront"].findIndex((start) =>
    work.startsWith(start),
  );
}

/** @returns path of a new order */
async function placeOne({ url }: Started, headers: Readonly<Record<string, string>>): Promise<string> {
  const response = await fetch(`${url}/v1/orders`, {
    method: "POST",
    headers: { ...headers, "idempotency-key": crypto.randomUUID() },
    body: ORDER,
  });
  const { id } = (await response.json()) as { id: string };
  return `/v1/orders/${id}`;
}

async function check({ url, method, path, headers }: Subject["asking"]): Promise<void> {
  if (method !== "GET") return;
  const response = await fetch(url + path, { headers });
  if (response.status !== 200)
    throw new Error(`${url}${path} answered ${response.status}: ${await response.text()}`);
}
