import * as z from "zod";
import { auth } from "./auth-spec";
import { certificateArn, domainName, hostedZoneId, origin, wholeNumber } from "./fields";
import { trafficShift } from "./traffic-shift-spec";

/** Web application firewall before APIs and user pool. */
export const firewall = z.strictObject({
  /** Requests of one address in five minutes before it is blocked. */
  requestsPerFiveMinutesPerIp: wholeNumber(10, 2_000_000_000),
  /**
   * Rules of AWS's common rule set that only count: for those that refuse what is meant well.
   * @default ["SizeRestrictions_BODY", "SizeRestrictions_QUERYSTRING", "CrossSiteScripting_BODY"]: long notes, long answers of
   * identity providers, notes that quote HTML, which the API takes and gives as JSON alone
   */
  countedCommonRules: z
    .array(z.string().min(1))
    .default(["SizeRestrictions_BODY", "SizeRestrictions_QUERYSTRING", "CrossSiteScripting_BODY"]),
});

const operationThrottles = z.record(
  z.string(),
  z.strictObject({ ratePerSecond: wholeNumber(1, 10_000), burst: wholeNumber(1, 5_000) }),
);

/** One version of the API, with a stage and a function of its own. What is left out is as the API has it for all versions. */
const version = z.strictObject({
  /** Requests per second of each of its operations, all callers together, on average. @default the API's */
  throttleRatePerSecond: wholeNumber(1, 10_000).optional(),
  /** Requests of each of its operations that may come at once above that rate. @default the API's */
  throttleBurst: wholeNumber(1, 5_000).optional(),
  /** Limits of single operations, by `operationId`, instead of the API's. @default the API's */
  operationThrottles: operationThrottles.optional(),
  /** Invocations of its function at once. @default the API's */
  reservedConcurrency: wholeNumber(1, 10_000).optional(),
});

/** The REST API of the to-dos. */
const todoApi = z.strictObject({
  /**
   * Served versions, side by side: each is `api/todos/<version>.yaml`, and a line here. The first is that of the output `todo_api_url`.
   * @default { v1: {} }
   */
  versions: z
    .record(z.string().regex(/^v[1-9]\d*$/, { error: "must be v and a number, like v1" }), version)
    .refine((versions) => Object.keys(versions).length > 0, { error: "must have 1 or more entries" })
    .default({ v1: {} }),
  /** Requests per second of each operation of a version, all callers together, on average. */
  throttleRatePerSecond: wholeNumber(1, 10_000),
  /** Requests of each operation that may come at once above that rate. */
  throttleBurst: wholeNumber(1, 5_000),
  /** Limits of single operations, by `operationId`; every version must have them. @default those above */
  operationThrottles: operationThrottles.default({}),
  /**
   * Invocations of the function at once, for each version. AWS refuses it unless 100 of the account's quota stay unreserved, after
   * this and the upload guard's 5.
   */
  reservedConcurrency: wholeNumber(1, 10_000),
  /** How new versions of its functions take over; `scripts/shift` begins it. @default the deployment moves all calls at once */
  trafficShift: trafficShift.exactOptional(),
  /** Web page's origin that may call the API. @default none: native clients alone */
  corsOrigin: origin.optional(),
  /** Stage cache for GET, apart for every user. @default none */
  cache: z
    .strictObject({
      /** GB: 0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118 or 237. */
      sizeGigabytes: z.literal([0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118, 237]),
      /** Seconds that an answer lives, 1 to 60; errors are kept as long. */
      ttlSeconds: wholeNumber(1, 60),
    })
    .optional(),
  /** Own domain name of the API. @default API Gateway's */
  domain: z
    .strictObject({
      name: domainName,
      /** Certificate in the environment's region. */
      certificateArn,
      /** Route 53 zone for the alias record. @default none: the record is kept elsewhere */
      hostedZoneId: hostedZoneId.optional(),
    })
    .optional(),
  /** Web application firewall before API and user pool. @default none */
  firewall: firewall.optional(),
});

const capacity = z.strictObject({ minimum: wholeNumber(1, 40_000), maximum: wholeNumber(1, 40_000) });

/** The table of the to-dos. */
const table = z.strictObject({
  /** Days that the table can be restored to any second of, 1 to 35. @default 35 */
  pointInTimeRecoveryDays: wholeNumber(1, 35).default(35),
  /** Provisioned capacity with auto scaling. @default on demand */
  provisioned: z.strictObject({ read: capacity, write: capacity }).optional(),
  /** Most units per second on demand, read and write: what a flood can cost. Not with `provisioned`. @default AWS's quota */
  onDemandMaximum: z.strictObject({ read: wholeNumber(1, 40_000), write: wholeNumber(1, 40_000) }).optional(),
});

/** The in-memory cache before the table; needs `network`. */
const dax = z.strictObject({
  /** E.g. `dax.t3.small`, `dax.r5.large`. */
  nodeType: z.string().regex(/^dax\.(t2|t3|r4|r5|r7i)\.[a-z0-9]+$/, {
    error: "must be a DAX node type, like dax.t3.small or dax.r5.large",
  }),
  /** 1 to 11; 3 and more survive the loss of a zone. */
  nodes: wholeNumber(1, 11),
  /** Seconds that an item stays cached, and so may be stale after a write. @default 5 */
  recordTtlSeconds: wholeNumber(1, 86_400).default(5),
  /** Seconds that a list stays cached, and so may be stale after a write. @default 5 */
  queryTtlSeconds: wholeNumber(1, 86_400).default(5),
});

/** Files that the app reads and writes straight in S3, a folder per user. */
const files = z.strictObject({
  /** Web pages' origins that may use the bucket. @default none: native clients alone */
  corsOrigins: z.array(origin).default([]),
  /** Days that overwritten and deleted versions stay. @default 30 */
  noncurrentVersionDays: wholeNumber(1, 3650).default(30),
  /** Largest file in MiB; a larger one is removed at once after its upload. @default 100 */
  maxObjectMegabytes: wholeNumber(1, 5_000).default(100),
  /** How new versions of the function that holds that limit take over; `scripts/shift` begins it. @default the deployment moves all calls at once */
  trafficShift: trafficShift.exactOptional(),
});

/** System A: the to-do back end for a mobile app. */
export const todo = z.strictObject({
  auth,
  api: todoApi,
  table: table.prefault({}),
  /** @default none: the function reads the table */
  dax: dax.optional(),
  files: files.prefault({}),
});
