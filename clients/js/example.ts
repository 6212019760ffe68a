/**
 * What a customer does with the client, against the local environment. After `scripts/local up`:
 *
 *     (eval "$(scripts/local env --user)"; npx tsx clients/js/example.ts)
 *
 * @param argv id of a product that is on sale. @default the one of the tour that `scripts/local up` takes
 */
import { PlatformClient, ProblemError, todosV2 } from "./src"; // elsewhere: "platform-client"

async function main([productId = "sample-teapot"]: readonly string[]): Promise<void> {
  const client = new PlatformClient({
    baseUrl: "https://shop.example.com", // not used here: every API has an address of its own
    addresses: {
      todosV1: variable("API_URL"),
      todosV2: variable("API_URL_V2"),
      catalog: variable("CATALOG_URL"),
      orders: variable("ORDERS_URL"),
      storefront: variable("STOREFRONT_URL"),
      sessions: variable("SESSIONS_URL"),
    },
    idToken: async () => variable("ID_TOKEN"),
    onDeprecated: ({ api, sunsetAt }) =>
      console.log(`${api} is deprecated, until ${sunsetAt?.toISOString()}`),
  });

  client.useSession((await client.sessions.createSession()).token);
  const { id } = await client.storefront.placeOrder({
    orderInput: { items: [{ productId, quantity: 1 }] },
    idempotencyKey: crypto.randomUUID(), // may be sent again
  });
  console.log(`order ${id}: placed`);
  console.log(`order ${id}: ${await ended(client, id)}`);

  const todo = await client.todosV2.createTodo({
    todoInput: { title: "Unpack the teapot", dueAt: "2030-01-31T18:00:00Z" },
    idempotencyKey: crypto.randomUUID(),
  });
  const changed = await client.todosV2.changeTodo({
    id: todo.id,
    ifMatch: `"${todo.version}"`, // 412 when somebody has changed it since
    todoPatch: { status: todosV2.TodoStatus.Done, dueAt: null }, // null removes
  });
  console.log(`to-do ${changed.id}: ${changed.status}, version ${changed.version}`);
  await client.todosV1.getTodo({ id: todo.id });
}

/** Reads the history until the order has ended there. @returns as what, e.g. `shipped` */
async function ended(client: PlatformClient, id: string): Promise<string> {
  for (let tries = 0; tries < 60; tries++) {
    const order = await client.storefront.getOrderHistory({ id }).catch((error: unknown) => {
      // Events bring it there, a moment later.
      if (error instanceof ProblemError && error.status === 404) return undefined;
      throw error;
    });
    if (order !== undefined && order.status !== "placed") return order.status;
    await new Promise((done) => setTimeout(done, 1000));
  }
  return "not ended within a minute";
}

function variable(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`${name} is not set: eval "$(scripts/local env --user)" first`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
