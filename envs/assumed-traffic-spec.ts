import * as z from "zod";
import { wholeNumber } from "./fields";

const BILLION = 1_000_000_000;
const count = wholeNumber(0, 1000 * BILLION);
const percent = wholeNumber(0, 100);
const gigabytes = z
  .number({ error: "must be a number of GB, 0 or more" })
  .min(0, { error: "must be a number of GB, 0 or more" });
const kilobytes = z
  .number({ error: "must be a number of kilobytes, 0 or more" })
  .min(0, { error: "must be a number of kilobytes, 0 or more" });

/** What the to-do back end is used for in a month. */
const todoTraffic = z.strictObject({
  /** Users who sign in at least once. @default 5 000 */
  activeUsers: count.default(5_000),
  /** Requests to the API, over all its versions. @default 2 000 000: 400 of each user */
  requests: count.default(2_000_000),
  /** Percentage of the requests that write. @default 20 */
  writePercent: percent.default(20),
  /** Percentage of the requests that the cache of the API's stage answers; only with `todo.api.cache`. @default 30 with it, else 0 */
  cacheHitPercent: percent.exactOptional(),
  /** Percentage of the reads of the table that DAX answers; only with `todo.dax`. @default 80 with it, else 0 */
  daxHitPercent: percent.exactOptional(),
  /** Milliseconds that the function runs for a request, on average. @default 50 */
  functionMilliseconds: wholeNumber(1, 900_000).default(50),
  /** Kilobytes of an answer, on average. @default 4 */
  responseKilobytes: kilobytes.default(4),
  /** Kilobytes of logs for a request, of function and API together. @default 2 */
  logKilobytes: kilobytes.default(2),
  /** GB in the table. @default 5 */
  tableGigabytes: gigabytes.default(5),
  /** Files that users upload. @default 20 000 */
  uploads: count.default(20_000),
  /** Files that users download. @default 60 000 */
  downloads: count.default(60_000),
  /** Kilobytes of a file, on average. @default 500 */
  fileKilobytes: kilobytes.default(500),
  /** GB of files. @default 50 */
  filesGigabytes: gigabytes.default(50),
});

/** What the microservices are used for in a month. */
const microservicesTraffic = z.strictObject({
  /** Requests from outside to the catalog. @default 1 000 000 */
  catalogRequests: count.default(1_000_000),
  /** Requests from outside to the orders. @default 200 000 */
  ordersRequests: count.default(200_000),
  /** Requests from outside to the storefront. @default 3 000 000 */
  storefrontRequests: count.default(3_000_000),
  /** Requests among the services, over the internal load balancer. @default 2 000 000 */
  internalRequests: count.default(2_000_000),
  /** Requests to the API of the sessions. @default 3 000 000 */
  sessionRequests: count.default(3_000_000),
  /** Milliseconds that the function of the sessions runs for a request, on average. @default 20 */
  functionMilliseconds: wholeNumber(1, 900_000).default(20),
  /** Kilobytes of an answer, on average. @default 8 */
  responseKilobytes: kilobytes.default(8),
  /** Kilobytes of logs for a request. @default 2 */
  logKilobytes: kilobytes.default(2),
  /** GB of products in the catalog's table. @default 2 */
  catalogGigabytes: gigabytes.default(2),
  /** GB of orders in the database. With an instance, its allocated storage is what costs. @default 20 */
  ordersGigabytes: gigabytes.default(20),
  /** I/O operations of the database; only Aurora counts them. @default 20 000 000 */
  databaseRequests: count.default(20_000_000),
  /** Events of orders; only with `microservices.events`. @default 100 000: of 50 000 orders, two each */
  orderEvents: count.default(100_000),
  /** Products in files that are imported; only with `microservices.events.catalogImport`. @default 100 000 */
  importedProducts: count.default(100_000),
});

/** What the release downloads are used for in a month. */
const downloadsTraffic = z.strictObject({
  /** Requests of viewers. @default 1 000 000 */
  requests: count.default(1_000_000),
  /** GB to viewers. scripts/release-rehearsal works out those of a release. @default 2 000 */
  gigabytes: gigabytes.default(2_000),
  /** Percentage of the requests that the edge answers from its cache. @default 95 */
  cacheHitPercent: percent.default(95),
  /** GB of files in the bucket; only where they are in S3. @default 20 */
  filesGigabytes: gigabytes.default(20),
  /** Kilobytes of access logs for a request. @default 0.5 */
  logKilobytes: kilobytes.default(0.5),
});

/**
 * What the environment is assumed to be used for in a month of 730 hours: what scripts/cost prices. Nothing in AWS depends on it. The
 * defaults are those of a small production: write down what yours measures.
 */
export const assumedTraffic = z.strictObject({
  /** Where most viewers of CloudFront are. @default "europe" */
  viewersIn: z
    .enum([
      "north-america",
      "europe",
      "africa-and-middle-east",
      "south-america",
      "japan",
      "australia-and-new-zealand",
      "asia-pacific",
      "india",
    ])
    .default("europe"),
  /** GB through the NAT gateways, both ways: images, updates, calls of other services. @default 50 */
  natGigabytes: gigabytes.default(50),
  /** GB through the interface endpoints of `network.interfaceEndpoints`, each. @default 10 */
  endpointGigabytes: gigabytes.default(10),
  /** GB of flow logs. @default 5 */
  flowLogGigabytes: gigabytes.default(5),
  /** Calls of each encryption key: caches and bucket keys keep them few. @default 200 000 */
  keyCalls: count.default(200_000),
  /** Messages of alarms. @default 100 */
  alarmMessages: count.default(100),
  /** Only with `todo`. @default its defaults */
  todo: todoTraffic.exactOptional(),
  /** Only with `microservices`. @default its defaults */
  microservices: microservicesTraffic.exactOptional(),
  /** Only with `downloads`. @default its defaults */
  downloads: downloadsTraffic.exactOptional(),
});

/** Traffic of each system that nothing is said of. */
export const DEFAULT_TRAFFIC = {
  todo: todoTraffic.parse({}),
  microservices: microservicesTraffic.parse({}),
  downloads: downloadsTraffic.parse({}),
} as const;
