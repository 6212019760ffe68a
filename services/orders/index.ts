/**
 * The orders: places each once, lists, reads and cancels them. Contract: api/orders/v1.yaml; design: README.md.
 *
 * Serves; with the command `migrate`, brings the database up to date instead; with `relay`, publishes the orders' events.
 *
 * @module
 */
import { startUp } from "../internal";
import { migrateOrders } from "./migrate";
import { serveRelay } from "./relay/serve-relay";
import { serveOrders } from "./serve";

const [command, ...rest] = process.argv.slice(2);
void startUp(async () => {
  if (command === undefined) return serveOrders(process.env);
  if (command === "migrate" && rest.length === 0) return migrateOrders(process.env);
  if (command === "relay" && rest.length === 0) return serveRelay(process.env);
  throw new Error(
    `the command must be migrate, relay, or none to serve, got ${[command, ...rest].join(" ")}`,
  );
});
