/** The storefront without its frame; the session is checked all the same, as that is the service's own work. */
import { CircuitBreaker } from "../../../../runtime";
import { createLogger } from "../../../../services/internal";
import { HttpCatalog } from "../../../../services/storefront/catalog";
import { HttpOrders } from "../../../../services/storefront/orders";
import { Products } from "../../../../services/storefront/products";
import { storefrontRoutes } from "../../../../services/storefront/routes";
import { HttpSessions } from "../../../../services/storefront/sessions";
import { readStorefront } from "../../../../services/storefront/settings";
import { ValkeyCache } from "../../../../services/storefront/valkey-cache";
import { serveRoutes } from "./serve-app";

const { catalogUrl, ordersUrl, sessionsUrl, region, cache: address } = readStorefront(process.env);
const cache = new ValkeyCache({
  ...address,
  breaker: new CircuitBreaker({ failures: 5, openMilliseconds: 2000, now: Date.now }),
  onFailing: () => undefined,
});
serveRoutes(
  storefrontRoutes({
    products: new Products({ catalog: new HttpCatalog(catalogUrl), cache }),
    orders: new HttpOrders(ordersUrl),
    sessions: new HttpSessions({ baseUrl: sessionsUrl, region }),
    logger: createLogger({ service: "storefront", level: "ERROR" }),
  }),
);
