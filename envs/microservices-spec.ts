import * as z from "zod";
import { auth } from "./auth-spec";
import { containerService, serviceDomain } from "./container-spec";
import { events } from "./events-spec";
import { origin, wholeNumber } from "./fields";
import { firewall } from "./todo-spec";
import { trafficShift } from "./traffic-shift-spec";

/** Capacity units of Aurora Serverless v2, in halves. */
function capacityUnits(minimum: number) {
  const error = `must be in halves from ${minimum} to 256`;
  return z.number({ error }).min(minimum, { error }).max(256, { error }).multipleOf(0.5, { error });
}

/** PostgreSQL of the orders. modules/rds says more of each field. */
const database = z.strictObject({
  /** One instance with a standby, or Aurora. */
  engine: z.enum(["postgres", "aurora-postgresql"]),
  /** A major version, of which AWS installs the minor ones, e.g. `16`; or one in full, which stays, e.g. `16.8`. */
  engineVersion: z.string().regex(/^\d+(\.\d+)?$/, { error: "must be a version like 16 or 16.8" }),
  /** E.g. `db.t4g.medium`; with Aurora also `db.serverless`. */
  instanceClass: z.string().regex(/^db\.[a-z0-9-]+(\.[a-z0-9-]+)?$/, {
    error: "must be a database instance class, like db.t4g.medium",
  }),
  /** A second zone takes over when the first fails. */
  multiAz: z.boolean(),
  /** GiB of storage at first; it grows by itself. Not with Aurora. */
  allocatedGigabytes: wholeNumber(20, 65_536).exactOptional(),
  /** GiB up to which it grows. Not with Aurora. @default twice `allocatedGigabytes` */
  maximumGigabytes: wholeNumber(22, 65_536).exactOptional(),
  /** Capacity units that are always there, in halves; 0 lets the database pause. With the class `db.serverless`. */
  minimumCapacityUnits: capacityUnits(0).exactOptional(),
  /** Capacity units that are there at most, in halves. With the class `db.serverless`. */
  maximumCapacityUnits: capacityUnits(1).exactOptional(),
  /** Connections of one task. All tasks' together stay below what the database takes. @default 10 */
  connectionsPerTask: wholeNumber(1, 200).default(10),
  /** Connections that the database takes. */
  maximumConnections: wholeNumber(10, 10_000),
  /** Days that the database can be restored to any second of, 1 to 35. @default 14 */
  backupRetentionDays: wholeNumber(0, 35).default(14),
  /** Lets another major `engineVersion` upgrade the database; take it back afterwards. @default false */
  allowMajorVersionUpgrade: z.boolean().default(false),
  /** Makes changes at once instead of in the weekly maintenance window: some restart the database. @default false */
  applyImmediately: z.boolean().default(false),
  /** Snapshot that the database is made of. Another one replaces it; once it is made, it may be left out. @default none: it begins empty */
  snapshotIdentifier: z.string().min(1).exactOptional(),
  /** Whether what is deleted leaves a last snapshot. @default true */
  finalSnapshot: z.boolean().default(true),
  /** Whether the service signs in with IAM's short-lived tokens; only emulators have a reason to use a password. @default true */
  iamAuthentication: z.boolean().default(true),
  /** Whether connections are encrypted; only emulators have a reason to turn it off. @default true */
  tls: z.boolean().default(true),
});

/** A cache of Valkey. modules/elasticache says more of each field. */
const cache = z.strictObject({
  /** E.g. `cache.t4g.small`. */
  nodeType: z.string().regex(/^cache\.[a-z0-9-]+\.[a-z0-9-]+$/, {
    error: "must be a cache node type, like cache.t4g.small",
  }),
  /** Nodes, one of them the primary; two and more survive the loss of a zone. */
  nodes: wholeNumber(1, 6),
  /** Whether connections are encrypted, and clients sign in; only emulators have a reason to turn it off. @default true */
  tls: z.boolean().default(true),
});

/** The API of the sessions. modules/session-api says more of each field. */
const sessions = z.strictObject({
  /** Requests per second of each operation, all callers together, on average. */
  throttleRatePerSecond: wholeNumber(1, 10_000),
  /** Requests of each operation that may come at once above that rate. */
  throttleBurst: wholeNumber(1, 5_000),
  /** Invocations of the function at once. AWS refuses it unless 100 of the account's quota stay unreserved. */
  reservedConcurrency: wholeNumber(1, 10_000),
  /** How new versions of the function take over; `scripts/shift` begins it. @default the deployment moves all calls at once */
  trafficShift: trafficShift.exactOptional(),
  /** Minutes after its last use at which a session ends. @default 30 */
  idleMinutes: wholeNumber(1, 10_080).default(30),
  /** Hours after its beginning at which a session ends. @default 12 */
  maximumHours: wholeNumber(1, 720).default(12),
  /** Web page's origin that may call the API. @default none: native clients alone */
  corsOrigin: origin.optional(),
  /** Where the sessions are, and nothing else: what others cache throws none of them out. */
  cache,
});

/** Accounts that reach the catalog, and nothing else, from their own VPCs by PrivateLink, under the name that it has outside. */
const privateLink = z.strictObject({
  /** ARNs of accounts, roles or users that may connect, e.g. `arn:aws:iam::222222222222:root`. */
  allowedPrincipals: z
    .array(
      z.string().regex(/^arn:aws:iam::\d{12}:(root|role\/.+|user\/.+)$/, {
        error: "must be the ARN of an account, role or user",
      }),
    )
    .min(1),
  /** Ids of endpoints that are accepted, by names of their owners. @default none */
  acceptedEndpoints: z
    .record(
      z.string(),
      z.string().regex(/^vpce-[0-9a-f]{17}$/, {
        error: "must be the id of a VPC endpoint",
      }),
    )
    .default({}),
});

/** System B: microservices of mixed kinds. Needs `network` with a way out, and `cluster`. */
export const microservices = z.strictObject({
  /** Sign-up and sign-in of users. Left out beside `todo`, whose users are the same. @default those of `todo` */
  auth: auth.optional(),
  /** Names and certificate of the load balancers, and of the sessions API. @default none: only with `protocol` "http" */
  domain: serviceDomain.optional(),
  /** `http` sends tokens in the clear: only emulators have a reason. @default "https" */
  protocol: z.enum(["https", "http"]).default("https"),
  /** Web application firewall before load balancers and API. @default none */
  firewall: firewall.optional(),
  /** Products, in DynamoDB. */
  catalog: containerService.extend({
    /** Days that the table can be restored to any second of, 1 to 35. @default 35 */
    pointInTimeRecoveryDays: wholeNumber(1, 35).default(35),
    /** Reached by PrivateLink. @default nobody */
    privateLink: privateLink.optional(),
  }),
  /** Orders, in PostgreSQL. */
  orders: containerService.extend({ database }),
  /** What the shop's clients talk to. */
  storefront: containerService.extend({
    /** Products as they are shown. */
    cache: cache.extend({
      /**
       * Names of the passwords of the cache's user, 1 or 2: it takes both, the tasks get the first. To rotate: put a new name first,
       * deploy, wait until all tasks are new, remove the old name, deploy. @default ["1"]
       */
      passwordNames: z
        .array(
          z.string().regex(/^[a-z0-9]{1,24}$/, { error: "must be 1 to 24 lower-case letters and digits" }),
        )
        .min(1)
        .max(2)
        .default(["1"]),
    }),
  }),
  sessions,
  /** Messages between the services. @default none: each change of an order is kept as an event for a week, and nobody is told */
  events: events.optional(),
});
