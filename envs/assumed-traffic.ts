import type * as z from "zod";
import { type assumedTraffic as assumedTrafficSpec, DEFAULT_TRAFFIC } from "./assumed-traffic-spec";
import type { EnvironmentSpec } from "./spec";

/** What a part of the stack is used for in a month: scripts/internal/cost/traffic.ts says what each quantity is. */
type Usage = Readonly<Record<string, number>>;

/** The traffic as scripts read it, by construct path below the stack. */
interface TrafficOfParts {
  readonly parts: Readonly<Record<string, Usage>>;
  readonly viewersIn: string;
}

type Assumed = z.output<typeof assumedTrafficSpec>;

const KILOBYTES_PER_GIGABYTE = 2 ** 20;

/** What reaches the table for a read of the API: a list, of up to 4 KB, read once by its index. */
const UNITS_PER_READ = 0.5;
/** What is written for a write of the API: an item of up to 1 KB. */
const UNITS_PER_WRITE = 1;

/**
 * What each part of the environment's stack is used for, worked out of what the specification assumes of its systems.
 *
 * Its keys are construct paths: who renames a module renames it here, too; the test of this file names one that is forgotten.
 */
export function trafficOfParts(spec: EnvironmentSpec): TrafficOfParts {
  const { assumedTraffic } = spec;
  return {
    parts: {
      ...foundation(spec, assumedTraffic),
      ...todo(spec, assumedTraffic),
      ...microservices(spec, assumedTraffic),
      ...downloads(spec, assumedTraffic),
    },
    viewersIn: assumedTraffic.viewersIn,
  };
}

/** Lambda, and services that listen for long, ask a queue for messages: by five connections, each every 20 seconds of a month. */
const POLLS = (5 * 730 * 3600) / 20;
/** What is done every five minutes of a month. */
const CLOCKED = (730 * 60) / 5;
/** To send, receive and delete a message. */
const CALLS_PER_MESSAGE = 3;

/** A bucket that is hardly read and keeps little. */
const QUIET_BUCKET = { storedGigabytes: 1, putRequests: 10_000, getRequests: 10_000, transferGigabytes: 0 };

function foundation({ alarmEmails, cluster, downloads, network }: EnvironmentSpec, assumed: Assumed) {
  const alarms = { requests: assumed.alarmMessages };
  const keys = { calls: assumed.keyCalls };
  return {
    alarms,
    "data-key": keys,
    "telemetry-key": keys,
    "access-logs": QUIET_BUCKET,
    artifacts: QUIET_BUCKET,
    ...(network && {
      network: { processedGigabytes: assumed.natGigabytes, logGigabytes: assumed.flowLogGigabytes },
      "network/endpoints": {
        processedGigabytes: assumed.endpointGigabytes * network.interfaceEndpoints.length,
      },
    }),
    // Measures of tasks and instances, and what operators type.
    ...(cluster && { cluster: { logGigabytes: 1 } }),
    ...(downloads &&
      alarmEmails.length > 0 && { "cloudfront-alarms": alarms, "cloudfront-telemetry-key": keys }),
  };
}

function todo({ microservices, todo: spec }: EnvironmentSpec, { todo: assumed }: Assumed) {
  const traffic = assumed ?? DEFAULT_TRAFFIC.todo;
  if (!spec) {
    return microservices?.auth && { auth: { activeUsers: DEFAULT_TRAFFIC.todo.activeUsers } };
  }
  const cached = share(traffic.cacheHitPercent ?? (spec.api.cache ? 30 : 0));
  const fromDax = share(traffic.daxHitPercent ?? (spec.dax ? 80 : 0));
  const writes = traffic.requests * share(traffic.writePercent);
  const reads = traffic.requests - writes;
  const served = Object.keys(spec.api.versions);
  const versions = served.length;
  const reachFunction = writes + reads * (1 - cached);
  const apis = served.flatMap((version) => [
    [
      `todo-api-${version}`,
      {
        requests: traffic.requests / versions,
        responseKilobytes: traffic.responseKilobytes,
        logGigabytes: inGigabytes(traffic.requests / versions, traffic.logKilobytes),
      },
    ] as const,
    [
      `todo-api-${version}/function`,
      { requests: reachFunction / versions, functionMilliseconds: traffic.functionMilliseconds },
    ] as const,
  ]);
  return {
    ...Object.fromEntries(apis),
    auth: { activeUsers: traffic.activeUsers },
    "todo-table": {
      readUnits: reads * (1 - cached) * (1 - fromDax) * UNITS_PER_READ,
      writeUnits: writes * UNITS_PER_WRITE,
      storedGigabytes: traffic.tableGigabytes,
    },
    "user-files/files": {
      storedGigabytes: traffic.filesGigabytes,
      putRequests: traffic.uploads,
      getRequests: traffic.downloads,
      transferGigabytes: inGigabytes(traffic.downloads, traffic.fileKilobytes),
    },
    "user-files/upload-guard": {
      requests: traffic.uploads,
      functionMilliseconds: 100,
      logGigabytes: inGigabytes(traffic.uploads, traffic.logKilobytes),
    },
    // Nothing fails.
    "user-files/failures": { requests: 0 },
    ...(spec.api.firewall && { "todo-firewall": { requests: traffic.requests, logGigabytes: 0.1 } }),
  };
}

function microservices({ microservices: spec }: EnvironmentSpec, { microservices: assumed }: Assumed) {
  if (!spec) return undefined;
  const traffic = assumed ?? DEFAULT_TRAFFIC.microservices;
  const { responseKilobytes, logKilobytes } = traffic;
  const outside = {
    catalog: traffic.catalogRequests,
    orders: traffic.ordersRequests,
    storefront: traffic.storefrontRequests,
  };
  const services = Object.entries(outside).flatMap(([name, requests]) => [
    [`microservices-${name}-load-balancer`, { requests, responseKilobytes }] as const,
    [name, { logGigabytes: inGigabytes(requests, logKilobytes) }] as const,
  ]);
  const sessions = { requests: traffic.sessionRequests, responseKilobytes: 1 };
  return {
    ...Object.fromEntries(services),
    "microservices-internal-load-balancer": { requests: traffic.internalRequests, responseKilobytes },
    ...(spec.catalog.privateLink && { "catalog-private-link": { requests: 100_000, responseKilobytes } }),
    "session-api": {
      ...sessions,
      functionMilliseconds: traffic.functionMilliseconds,
      logGigabytes: inGigabytes(traffic.sessionRequests, logKilobytes),
    },
    "catalog-table": {
      // The storefront asks its cache first; one request in ten writes.
      readUnits: 0.9 * (traffic.catalogRequests + traffic.internalRequests) * UNITS_PER_READ,
      writeUnits: 0.1 * traffic.catalogRequests * UNITS_PER_WRITE,
      storedGigabytes: traffic.catalogGigabytes,
    },
    "orders-database": {
      storedGigabytes: traffic.ordersGigabytes,
      inputOutputRequests: traffic.databaseRequests,
      // As much as the database holds costs nothing.
      backupGigabytes: traffic.ordersGigabytes,
      logGigabytes: 1,
    },
    ...(spec.events && shopEvents(spec.events, traffic)),
    "sessions-cache": { backupGigabytes: 1, logGigabytes: 0.1 },
    "storefront-cache": { backupGigabytes: 1, logGigabytes: 0.1 },
    ...(spec.firewall && {
      "microservices-firewall": {
        requests: Object.values(outside).reduce((sum, requests) => sum + requests, traffic.sessionRequests),
        logGigabytes: 0.1,
      },
    }),
  };
}

function shopEvents(
  spec: NonNullable<NonNullable<EnvironmentSpec["microservices"]>["events"]>,
  { importedProducts, logKilobytes, orderEvents }: NonNullable<Assumed["microservices"]>,
) {
  const queue = (messages: number) => ({ requests: POLLS + CALLS_PER_MESSAGE * messages });
  const log = { logGigabytes: inGigabytes(orderEvents, logKilobytes) };
  // Few orders cannot be fulfilled.
  const failures = 0.01 * orderEvents;
  return {
    "order-events": { putRequests: orderEvents },
    "order-relay": log,
    "order-cancellations-queue": queue(failures),
    // What fails for good.
    "shop-bus": { requests: 0 },
    ...(spec.history && {
      "order-history": { readUnits: orderEvents, writeUnits: 2 * orderEvents, storedGigabytes: 1 },
      "order-history-consumer/function": { requests: orderEvents, functionMilliseconds: 50, ...log },
      "order-history-consumer": { requests: 0 },
      "order-history-fulfilment-queue": queue(orderEvents / 2),
      "order-history-rebuild-queue": queue(0),
    }),
    ...(spec.fulfilment && {
      // An order's reservation, charge and shipment are transactions, which cost twice; each is read before.
      fulfilment: { readUnits: 4 * orderEvents, writeUnits: 6 * orderEvents, storedGigabytes: 5 },
      // A line for each step that begins and ends, of half a kilobyte.
      "fulfilment-workflow": { logGigabytes: inGigabytes(10 * orderEvents, 0.5) },
      "fulfilment-cancellation-workflow": { logGigabytes: inGigabytes(10 * failures, 0.5) },
      "fulfilment/function": { requests: 4 * orderEvents, functionMilliseconds: 100, ...log },
      // It looks every five minutes; few orders wait.
      "fulfilment/approvals": {
        requests: CLOCKED,
        functionMilliseconds: 50,
        logGigabytes: inGigabytes(CLOCKED, 0.5),
      },
      // What fails for good.
      "fulfilment-approvals-schedule": { requests: 0 },
    }),
    ...(spec.notifications && {
      "order-events-topic": { requests: orderEvents },
      "notifications-queue": queue(1.5 * orderEvents),
      notifications: { readUnits: 0, writeUnits: 1.5 * orderEvents, storedGigabytes: 1 },
      "notifications-consumer/function": { requests: orderEvents, functionMilliseconds: 50, ...log },
    }),
    ...(spec.catalogImport && {
      "catalog-import-bucket": QUIET_BUCKET,
      "catalog-import-queue": queue(100),
      // A thousand products a second; the table's units are those of its own traffic.
      "catalog-import-consumer": {
        requests: 100,
        functionMilliseconds: importedProducts / 100,
        logGigabytes: 0.001,
      },
    }),
  };
}

function downloads({ downloads: spec }: EnvironmentSpec, { downloads: assumed }: Assumed) {
  if (!spec) return undefined;
  const traffic = assumed ?? DEFAULT_TRAFFIC.downloads;
  const { requests } = traffic;
  const originRequests = requests * (1 - share(traffic.cacheHitPercent));
  const logGigabytes = inGigabytes(requests, traffic.logKilobytes);
  return {
    downloads: { requests, originRequests, transferGigabytes: traffic.gigabytes, logGigabytes },
    "downloads/access-logs/bucket": { ...QUIET_BUCKET, storedGigabytes: logGigabytes },
    ...((spec.origin.includes("s3") || spec.service) && {
      "downloads/files": {
        storedGigabytes: traffic.filesGigabytes,
        putRequests: 1_000,
        getRequests: originRequests,
        // To CloudFront it costs nothing.
        transferGigabytes: 0,
      },
    }),
    // Each is read when something is deployed.
    "downloads/origin-secret-1": { calls: 100 },
    ...(spec.firewall && { "downloads-firewall": { requests, logGigabytes: 0.1 } }),
    ...(spec.service && {
      updates: { logGigabytes: inGigabytes(originRequests, traffic.logKilobytes) },
      "downloads-origin-load-balancer": {
        requests: originRequests,
        responseKilobytes:
          traffic.gigabytes === 0 ? 0 : (traffic.gigabytes / requests) * KILOBYTES_PER_GIGABYTE,
      },
    }),
  };
}

function share(percent: number): number {
  return percent / 100;
}

function inGigabytes(count: number, kilobytes: number): number {
  return (count * kilobytes) / KILOBYTES_PER_GIGABYTE;
}
