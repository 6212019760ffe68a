/**
 * The storefront: products through a cache, orders placed and listed, for users with a session. Contract: api/storefront/v1.yaml;
 * design: README.md.
 *
 * This file only wires.
 *
 * @module
 */
import { CircuitBreaker, describeError } from "../../runtime";
import { createLogger, readSettings, readUserPool, startService, startUp, userTokens } from "../internal";
import { HttpCatalog } from "./catalog";
import { HttpOrders } from "./orders";
import { Products } from "./products";
import { storefrontRoutes } from "./routes";
import { gracefulStopSeconds } from "./service.json";
import { HttpSessions } from "./sessions";
import { readStorefront } from "./settings";
import { ValkeyCache } from "./valkey-cache";

void startUp(async () => {
  const settings = readSettings(process.env);
  const { catalogUrl, ordersUrl, sessionsUrl, region, cache: address } = readStorefront(process.env);
  const logger = createLogger({ service: settings.name, level: settings.logLevel });
  const catalog = new HttpCatalog(catalogUrl);
  const orders = new HttpOrders(ordersUrl);
  const sessions = new HttpSessions({ baseUrl: sessionsUrl, region });
  const cache = new ValkeyCache({
    ...address,
    breaker: new CircuitBreaker({ failures: 5, openMilliseconds: 2000, now: Date.now }),
    onFailing: (error) => logger.warn("cache left alone", { cause: describeError(error) }),
  });

  await startService({
    settings,
    logger,
    gracefulStopSeconds,
    authenticate: userTokens(readUserPool(process.env)),
    routes: storefrontRoutes({ products: new Products({ catalog, cache }), orders, sessions, logger }),
    close: async () => {
      cache.close();
      await Promise.all([catalog.close(), orders.close(), sessions.close()]);
    },
  });
});
