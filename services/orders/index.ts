/**
 * The orders: places each once, lists, reads and cancels them. Contract: api/orders/v1.yaml; design: README.md.
 *
 * Serves; with the command `migrate`, brings the database up to date instead.
 *
 * @module
 */
import { migrateOrders } from "./migrate";
import { serveOrders } from "./serve";

const [command, ...rest] = process.argv.slice(2);
if (command === undefined) void serveOrders(process.env);
else if (command === "migrate" && rest.length === 0) void migrateOrders(process.env);
else throw new Error(`the command must be migrate, or none to serve, got ${[command, ...rest].join(" ")}`);
