/**
 * The orders: places each once, lists, reads and cancels them. Contract: api/orders/v1.yaml; design: README.md.
 *
 * Serves; with the command `migrate`, brings the database up to date instead.
 *
 * @module
 */
import { startUp } from "../internal";
import { migrateOrders } from "./migrate";
import { serveOrders } from "./serve";

const [command, ...rest] = process.argv.slice(2);
void startUp(async () => {
  if (command === undefined) return serveOrders(process.env);
  if (command === "migrate" && rest.length === 0) return migrateOrders(process.env);
  throw new Error(`the command must be migrate, or none to serve, got ${[command, ...rest].join(" ")}`);
});
