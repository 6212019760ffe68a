import { TestOrders } from "./fixture";

jest.setTimeout(60_000);

let service: TestOrders;

beforeAll(async () => {
  service = await TestOrders.start();
});
afterAll(() => service.stop());
beforeEach(() => service.renew());
afterEach(() => service.close());

describe("control 16: who is not signed in", () => {
  test.each([
    ["without a token", async () => ({ authorization: "" })],
    [
      "with an access token",
      async () => ({ authorization: `Bearer ${service.pool.token({ token_use: "access" })}` }),
    ],
    ["with an expired token", async () => ({ authorization: `Bearer ${service.pool.token({ exp: 1 })}` })],
    [
      "with another client's token",
      async () => ({ authorization: `Bearer ${service.pool.token({ aud: "client-2" })}` }),
    ],
  ])("is refused %s", async (_how, headers) => {
    const response = await service.place({ headers: await headers() });
    expect(response.status).toBe(401);
    expect(await service.count("orders")).toBe(0);
  });
});

describe("control 17: another user's order", () => {
  test("is as one that does not exist", async () => {
    const { body: order } = await service.place();
    const absent = "01890a5d-ac96-774b-bcce-b302099a8057";
    for (const [path, method] of [
      ["", "GET"],
      ["/cancellation", "POST"],
    ] as const) {
      const foreign = await service.ask(`/v1/orders/${order.id}${path}`, { method, user: "user-2" });
      const missing = await service.ask(`/v1/orders/${absent}${path}`, { method });
      expect(foreign.status).toBe(404);
      expect({ ...foreign.body, requestId: "" }).toEqual({ ...missing.body, requestId: "" });
    }
    expect((await service.ask("/v1/orders", { user: "user-2" })).body).toEqual({ items: [] });
    expect((await service.ask(`/v1/orders/${order.id}`)).body.status).toBe("placed");
  });
});

describe("reading", () => {
  test("an order has an ETag, and is not sent again to who has it", async () => {
    const { body: order } = await service.place();
    const read = await service.ask(`/v1/orders/${order.id.toUpperCase()}`);
    expect([read.status, read.body, read.headers.get("etag")]).toEqual([200, order, '"1"']);
    const again = await service.ask(`/v1/orders/${order.id}`, { headers: { "if-none-match": '"1"' } });
    expect([again.status, again.body]).toEqual([304, undefined]);
  });

  test("what is no id is not found", async () => {
    expect((await service.ask("/v1/orders/1")).status).toBe(404);
  });

  test("the list goes on by its token, which is good for its user alone", async () => {
    const ids: string[] = [];
    for (let index = 0; index < 3; index++) ids.unshift((await service.place()).body.id);
    const first = await service.ask("/v1/orders?limit=2");
    expect(first.body.items.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2));
    const path = `/v1/orders?limit=2&pageToken=${first.body.nextPageToken}`;
    const second = await service.ask(path);
    expect(second.body.items.map(({ id }: { id: string }) => id)).toEqual(ids.slice(2));
    expect(second.body).not.toHaveProperty("nextPageToken");
    const foreign = await service.ask(path, { user: "user-2" });
    expect([foreign.status, foreign.body.errors]).toEqual([
      400,
      [{ parameter: "pageToken", detail: "must be the nextPageToken of the page before, for the same user" }],
    ]);
  });

  test.each([
    ["limit=0", { parameter: "limit", detail: "must be at least 1" }],
    ["limit=51", { parameter: "limit", detail: "must be at most 50" }],
    ["limit=all", { parameter: "limit", detail: "must be of type integer" }],
    ["limit=1&limit=2", { parameter: "limit", detail: "must be given once" }],
  ])("a list with %s is refused", async (query, error) => {
    const { status, body } = await service.ask(`/v1/orders?${query}`);
    expect([status, body.errors]).toEqual([400, [error]]);
  });
});

describe("cancellation", () => {
  const cancel = (id: string, headers: Record<string, string> = {}) =>
    service.ask(`/v1/orders/${id}/cancellation`, { method: "POST", headers });

  test("changes the order, once", async () => {
    const { body: order } = await service.place();
    const first = await cancel(order.id, { "if-match": '"1"' });
    expect([first.status, first.headers.get("etag")]).toEqual([200, '"2"']);
    expect(first.body).toEqual({
      ...order,
      status: "cancelled",
      version: 2,
      cancelledAt: expect.any(String),
    });
    expect((await cancel(order.id, { "if-match": '"1"' })).body).toEqual(first.body);
    expect((await service.ask(`/v1/orders/${order.id}`)).body).toEqual(first.body);
  });

  test("is told in the log with the order's id, and the sequence of its event where there is one", async () => {
    const { body: order } = await service.place();
    for (const _ of "12") await cancel(order.id);
    const [first, second] = service.requestLines().slice(1);
    expect(first).toMatchObject({ orderId: order.id, sequence: 2, status: 200 });
    expect(second).toMatchObject({ orderId: order.id, status: 200 });
    expect(second).not.toHaveProperty("sequence");
  });

  test("of a version that it has not is refused with the one that it has", async () => {
    const { body: order } = await service.place();
    const { status, headers } = await cancel(order.id, { "if-match": '"7"' });
    expect([status, headers.get("etag")]).toEqual([412, '"1"']);
  });
});
