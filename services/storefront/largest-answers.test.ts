import { type HttpStub, startHttpStub } from "../internal/http-stub";
import { HttpCatalog } from "./catalog";
import { HttpOrders } from "./orders";

// The largest answers that the contracts of the services behind allow: every text at its full length, in letters of four bytes.

const text = (length: number) => "😀".repeat(length);

let stub: HttpStub;
let body: string;

beforeAll(async () => {
  stub = await startHttpStub(() => ({ status: 200, body }));
});
afterAll(() => stub.close());

test("a page of the catalog is read", async () => {
  const product = { name: text(200), description: text(4000), priceCents: 1, currency: "EUR", available: 1 };
  const more = { listed: true, version: 1, updatedAt: "2024-01-01T00:00:00.000Z" };
  const items = Array.from({ length: 100 }, (_, index) => ({ id: `p${index}`, ...product, ...more }));
  body = JSON.stringify({ items });
  const catalog = new HttpCatalog(stub.url);
  const asking = { authorization: "Bearer a", fresh: false };
  expect((await catalog.page(100, undefined, asking))?.items).toHaveLength(100);
  expect((await catalog.products(["p0", "p99"], asking)).get("p99")?.description).toBe(text(4000));
  await catalog.close();
});

test("a page of orders is read", async () => {
  const item = { productId: "p".repeat(64), name: text(200), quantity: 1000, unitPriceCents: 1e15 };
  const order = {
    ...{ id: "01890a5d-ac96-774b-bcce-b302099a8057", status: "placed", items: Array(50).fill(item) },
    ...{
      totalCents: 1e15,
      currency: "EUR",
      version: 1,
      placedAt: "2024-01-01T00:00:00.000Z",
      cancelledAt: null,
    },
  };
  body = JSON.stringify({ items: Array(20).fill(order) });
  const orders = new HttpOrders(stub.url);
  expect((await orders.list(20, undefined, "Bearer a")).items).toHaveLength(20);
  await orders.close();
});
