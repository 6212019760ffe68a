/** The orders service without its frame. */
import { randomBytes } from "node:crypto";
import { HttpCatalog } from "../../../../services/orders/catalog";
import { openDatabase } from "../../../../services/orders/database";
import { PostgresOrderStore } from "../../../../services/orders/postgres-store";
import { ordersRoutes } from "../../../../services/orders/routes";
import type { OrdersDatabase } from "../../../../services/orders/schema";
import { readDatabase } from "../../../../services/orders/settings";
import { TIMEOUTS } from "../../../../services/orders/timeouts";
import { serveRoutes } from "./serve-app";

serveRoutes(
  ordersRoutes({
    store: new PostgresOrderStore(openDatabase<OrdersDatabase>(readDatabase(process.env, TIMEOUTS))),
    catalog: new HttpCatalog(process.env["CATALOG_URL"] ?? ""),
    now: Date.now,
    random: randomBytes,
  }),
);
