import { resolve } from "node:path";
import { measure } from "./measure";
import { startSubjects } from "./subjects";
import { Surroundings } from "./surroundings";

// The machine may be busy, and Valkey has to be installed first on a new one.
jest.setTimeout(240_000);

test("each service and each without its frame answers, places orders, and can be loaded", async () => {
  const surroundings = await Surroundings.start(resolve(__dirname, "../../.."));
  try {
    const subjects = await startSubjects(surroundings);
    expect(subjects.map(({ work, server }) => `${work}, ${server}`)).toEqual([
      "answer a product, bare handler",
      "catalog: read a product, service",
      "catalog: read a product, without the frame",
      "orders: read an order, service",
      "orders: read an order, without the frame",
      "orders: place an order, service",
      "orders: place an order, without the frame",
      "storefront: read a product, from the cache, service",
      "storefront: read a product, from the cache, without the frame",
    ]);
    for (const { asking } of subjects.filter(({ work }) => work === "orders: place an order")) {
      const load = await measure({ ...asking, connections: 2, seconds: 1 });
      expect(load.requests).toBeGreaterThan(0);
      expect(load.failures).toBe(0);
    }
    const [bare] = subjects;
    const refused = {
      ...(bare as (typeof subjects)[number]).asking,
      url: subjects[1]?.asking.url ?? "",
      headers: {},
    };
    await expect(measure({ ...refused, connections: 1, seconds: 1 })).rejects.toThrow(
      "requests had no success",
    );
  } finally {
    await surroundings.end();
  }
});
