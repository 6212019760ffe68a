import { randomUUID } from "node:crypto";
import { TestOrders } from "./fixture";

jest.setTimeout(60_000);

let service: TestOrders;

beforeAll(async () => {
  service = await TestOrders.start();
});
afterAll(() => service.stop());
beforeEach(() => service.renew());
afterEach(() => service.close());

describe("when the catalog", () => {
  test.each(["fail", "hang", "nonsense"] as const)(
    "does %s, the answer is 503 in time and nothing is written",
    async (behaviour) => {
      service.catalog.behaviour = behaviour;
      const key = randomUUID();
      const startedAt = Date.now();
      const { status, headers, body } = await service.place({}, key);
      expect([status, headers.get("retry-after"), body.detail]).toEqual([
        503,
        "1",
        "The catalog is away. No order was placed; try again.",
      ]);
      // Less than the 10 s of a request: its own limit is 3 s.
      expect(Date.now() - startedAt).toBeLessThan(8000);
      expect([await service.count("orders"), await service.count("idempotency_keys")]).toEqual([0, 0]);
      service.catalog.behaviour = "answer";
      expect((await service.ask("/v1/orders")).status).toBe(200);
      // By then the circuit is open; a new process knows nothing of that.
      await service.restart();
      expect((await service.place({}, key)).status).toBe(201);
    },
  );
});

describe("when the database", () => {
  test("control 12: hangs, requests are answered 503 in time, the task stays ready, and later goes on", async () => {
    const before = await service.place();
    expect((await service.ask("/health/ready")).status).toBe(200);
    await service.postgres.freeze(service.name);
    try {
      const [placed, read, ready] = await Promise.all([
        service.place(),
        service.ask(`/v1/orders/${before.body.id}`),
        service.ask("/health/ready"),
      ]);
      // Ready: another task would do no better.
      expect([placed.status, read.status, ready.status]).toEqual([503, 503, 200]);
      expect(placed.headers.get("retry-after")).toBe("1");
      expect((await service.ask("/health/live")).status).toBe(200);
    } finally {
      service.postgres.thaw();
    }
    expect((await service.place()).status).toBe(201);
    expect((await service.ask("/health/ready")).status).toBe(200);
  });

  test("is gone, requests are answered 503, and go on when it is back", async () => {
    const { body: order } = await service.place();
    expect((await service.ask("/health/ready")).status).toBe(200);
    await service.postgres.stopServer();
    const placed = await service.place();
    expect([placed.status, placed.headers.get("retry-after"), placed.body.detail]).toEqual([
      503,
      "1",
      "The database is away. Try again.",
    ]);
    expect((await service.ask("/health/ready")).status).toBe(200);
    await service.postgres.startServer();
    expect((await service.ask(`/v1/orders/${order.id}`)).body).toEqual(order);
  });
});
