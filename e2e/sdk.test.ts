import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { promisify } from "node:util";
import {
  NotModifiedError,
  type orders,
  PlatformClient,
  ProblemError,
  type TokenReason,
  todosV2,
} from "../clients/js/src";
import { endpoints } from "./internal/environment";
import { serviceUrl } from "./internal/services";
import { newProduct, newSeller } from "./internal/shop";

/** What the deployed environment's JavaScript client is for its user, and why it asked for tokens. */
async function newClient() {
  const user = await newSeller();
  const reasons: TokenReason[] = [];
  const { apiUrl, apiUrls } = endpoints();
  const client = new PlatformClient({
    baseUrl: "https://shop.example.com",
    addresses: {
      ...{ todosV1: apiUrl, todosV2: apiUrls?.["v2"] ?? "none", sessions: serviceUrl("sessions") },
      ...{
        catalog: serviceUrl("catalog"),
        orders: serviceUrl("orders"),
        storefront: serviceUrl("storefront"),
      },
    },
    idToken: async (reason) => {
      reasons.push(reason);
      return user.idToken;
    },
    // A machine that does much else is slower than the services' limits, which are for AWS.
    retry: { attempts: 10 },
  });
  return { client, reasons, user };
}

let made: Awaited<ReturnType<typeof newClient>>;
let client: PlatformClient;

beforeAll(async () => {
  made = await newClient();
  client = made.client;
  client.useSession((await client.sessions.createSession()).token);
});

/** What a call fails with. */
function failure(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (value) => ({ unexpected: value }),
    (error: unknown) => error,
  );
}

test("one client reads and writes to-dos in both versions, and asks for a token once", async () => {
  const key = { idempotencyKey: randomUUID() };
  const input = { title: "Buy milk", priority: todosV2.TodoPriority.High, dueAt: "2030-01-31T18:00:00Z" };
  const todo = await client.todosV2.createTodo({ todoInput: input, ...key });
  expect(await client.todosV2.createTodo({ todoInput: input, ...key })).toEqual(todo);

  const fresh = { cacheControl: "max-age=0" };
  expect(await client.todosV1.getTodo({ id: todo.id, ...fresh })).toMatchObject({
    title: "Buy milk",
    note: "",
    dueAt: "2030-01-31T18:00:00Z",
  });
  const changed = await client.todosV2.changeTodo({
    id: todo.id,
    ifMatch: `"${todo.version}"`,
    todoPatch: { status: todosV2.TodoStatus.Done, dueAt: null },
  });
  expect(changed).toMatchObject({ status: "done", version: 2, priority: "high" });
  expect(changed.dueAt).toBeUndefined();
  const page = await client.todosV1.listTodos({ status: "done", limit: 10, ...fresh });
  expect(page.items.map(({ id }) => id)).toEqual([todo.id]);
  expect(made.reasons).toEqual(["first"]);
});

test("a product that is put on sale is ordered, shown by the storefront and cancelled", async () => {
  const { id } = await newProduct(made.user);
  expect(await client.catalog.getProduct({ id })).toMatchObject({ id, name: "Teapot" });
  expect((await client.storefront.getProduct({ id })).id).toBe(id);

  const placing = { orderInput: { items: [{ productId: id, quantity: 2 }] }, idempotencyKey: randomUUID() };
  const placed: orders.Order = await client.orders.placeOrder(placing);
  expect(placed).toMatchObject({ status: "placed", totalCents: 5900, version: 1 });
  expect((await client.orders.placeOrder(placing)).id).toBe(placed.id);

  expect((await client.storefront.listOrders()).items.map((order) => order.id)).toContain(placed.id);
  expect(await client.orders.cancelOrder({ id: placed.id, ifMatch: '"1"' })).toMatchObject({
    status: "cancelled",
    version: 2,
  });
});

describe("whatever the API, errors are of one kind:", () => {
  const gone = "01890a5d-ac96-774b-bcce-b302099a8057";

  test.each<[string, number, () => Promise<unknown>]>([
    ["a to-do of version 1", 404, () => client.todosV1.getTodo({ id: gone })],
    ["a to-do of version 2", 404, () => client.todosV2.getTodo({ id: gone })],
    ["a product", 404, () => client.catalog.getProduct({ id: "no-such-product" })],
    ["a product that is shown", 404, () => client.storefront.getProduct({ id: "no-such-product" })],
    ["an order", 404, () => client.orders.getOrder({ id: gone })],
    [
      "an order without a key",
      428,
      () => client.orders.placeOrder({ orderInput: { items: [{ productId: "a", quantity: 1 }] } }),
    ],
    ["a session", 404, () => client.sessions.getSession({ xSessionToken: "x".repeat(43) })],
  ])("%s, %i", async (_case, status, call) => {
    const error = await failure(call());
    expect(error).toBeInstanceOf(ProblemError);
    expect((error as ProblemError).problem).toMatchObject({
      type: "about:blank",
      status,
      requestId: expect.stringMatching(/./),
    });
  });

  test("violations are named", async () => {
    const error = await failure(client.todosV2.createTodo({ todoInput: { title: "x".repeat(201) } }));
    expect((error as ProblemError).problem.errors).toEqual([
      { pointer: "#/title", detail: expect.stringMatching(/./) },
    ]);
  });

  test("what has changed since is told, with the version that is there now; what has not, as well", async () => {
    const { id } = await client.todosV2.createTodo({ todoInput: { title: "a" } });
    await client.todosV2.changeTodo({ id, ifMatch: '"1"', todoPatch: { title: "b" } });
    const late = (await failure(
      client.todosV2.changeTodo({ id, ifMatch: '"1"', todoPatch: { title: "c" } }),
    )) as ProblemError;
    expect([late.status, late.headers.get("etag")]).toEqual([412, '"2"']);
    const unchanged = await failure(
      client.todosV2.getTodo({ id, ifNoneMatch: '"2"', cacheControl: "max-age=0" }),
    );
    expect(unchanged).toBeInstanceOf(NotModifiedError);
  });
});

test("the example of docs/clients.md runs as it is", async () => {
  const { id } = await newProduct(made.user);
  const { apiUrl, apiUrls } = endpoints();
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--import", "tsx", "clients/js/example.ts", id],
    {
      cwd: resolve(__dirname, ".."),
      env: {
        ...{ PATH: process.env["PATH"], ID_TOKEN: made.user.idToken },
        ...{ API_URL: apiUrl, API_URL_V2: apiUrls?.["v2"], CATALOG_URL: serviceUrl("catalog") },
        ...{ ORDERS_URL: serviceUrl("orders"), STOREFRONT_URL: serviceUrl("storefront") },
        SESSIONS_URL: serviceUrl("sessions"),
      },
    },
  );
  expect(stdout.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "ID").split("\n")).toEqual([
    "order ID: placed",
    "order ID: shipped",
    "to-do ID: done, version 2",
    "todosV1 is deprecated, until 2027-12-01T00:00:00.000Z",
    "",
  ]);
}, 90_000);

test("a token that is refused is asked for anew, and the call goes on", async () => {
  const { user } = made;
  const reasons: TokenReason[] = [];
  const other = new PlatformClient({
    baseUrl: "https://shop.example.com",
    addresses: { todosV2: endpoints().apiUrls?.["v2"] ?? "none", orders: serviceUrl("orders") },
    idToken: async (reason) => {
      reasons.push(reason);
      return reason === "refused" ? user.idToken : `${user.idToken.slice(0, -4)}AAAA`;
    },
  });
  expect((await other.todosV2.createTodo({ todoInput: { title: "a" } })).title).toBe("a");
  expect(await other.orders.listOrders()).toHaveProperty("items");
  expect(reasons).toEqual(["first", "refused"]);
});
