import { startHttpStub } from "../internal/http-stub";
import { HttpCatalog } from "./catalog";

test("as many products as an order may hold are read, with the longest texts that the catalog takes", async () => {
  const ids = Array.from({ length: 50 }, (_, index) => `p${index}`);
  const text = (length: number) => "😀".repeat(length);
  const items = ids.map((id) => ({
    ...{ id, name: text(200), description: text(4000), priceCents: 1, currency: "EUR", available: 1 },
    ...{ listed: true, version: 1, updatedAt: "2024-01-01T00:00:00.000Z" },
  }));
  const stub = await startHttpStub(() => ({ status: 200, body: JSON.stringify({ items }) }));
  const catalog = new HttpCatalog(stub.url);
  expect([...(await catalog.products(ids, "Bearer a")).keys()]).toEqual(ids);
  await catalog.close();
  await stub.close();
});
