import * as z from "zod";
import { GEOGRAPHIES } from "./geographies";

/** What CloudFront keeps at most: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-web-distributions */
const MAXIMUM_BYTES = 50 * 2 ** 30;

function whole(minimum: number, maximum: number) {
  const error = `must be a whole number from ${minimum} to ${maximum}`;
  return z.int({ error }).min(minimum, { error }).max(maximum, { error });
}

function between(minimum: number, maximum: number) {
  const error = `must be a number from ${minimum} to ${maximum}`;
  return z.number({ error }).min(minimum, { error }).max(maximum, { error });
}

function above(minimum: number, maximum: number) {
  const error = `must be a number above ${minimum}, up to ${maximum}`;
  return z.number({ error }).gt(minimum, { error }).max(maximum, { error });
}

const share = above(0, 1);
const awsRegion = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, { error: "must be an AWS region, like eu-west-1" });
const path = z.string().regex(/^\/[A-Za-z0-9\-._~/@!$&'()*+,;=:%]*$/, {
  error: "must begin with a slash and be percent-encoded",
});
/** A path with wildcards, and a query where one is part of the key. */
const pattern = z.string().regex(/^\/[A-Za-z0-9\-._~/?@!$&'()*+,;=:%]*$/, {
  error: "must begin with a slash and be percent-encoded",
});
const headers = z.record(
  z.string().regex(/^[A-Za-z0-9-]+$/, { error: "must be a header's name" }),
  z.string({ error: "must be a text" }),
);

/** Swings with the hour of the day. */
const diurnal = z.strictObject({
  /** Hour of the day in UTC that is the busiest, 0 to 24. */
  peakHour: between(0, 24),
  /** The quietest hour's clients as a share of the busiest one's. */
  troughShare: between(0, 1),
});

/** When clients come. */
const arrivals = z.discriminatedUnion("kind", [
  /** Most at once, then half as many after each half-life. */
  z.strictObject({ kind: z.literal("decay"), halfLifeHours: above(0, 10_000), diurnal: diurnal.optional() }),
  /** Evenly. */
  z.strictObject({ kind: z.literal("flat"), diurnal: diurnal.optional() }),
  /** Straight lines between points. Before the first and after the last nobody comes. */
  z.strictObject({
    kind: z.literal("points"),
    points: z
      .array(z.strictObject({ hour: between(0, 744), weight: between(0, 1e12) }), { error: "must be points" })
      .min(2, { error: "must be at least two points" }),
  }),
]);

/** Clients that the edge locations of one part of the world serve. */
const viewers = z.strictObject({
  /** Decides the price. */
  geography: z.enum(GEOGRAPHIES, { error: `must be one of ${GEOGRAPHIES.join(", ")}` }),
  /** Of all clients. The shares of all groups add up to 1. */
  share,
  /** Edge locations that they reach, each by as many. */
  edgeLocations: whole(1, 1000),
  /** AWS regions of the regional edge caches behind those edge locations, which take turns. */
  regionalCaches: z.array(awsRegion).min(1, { error: "must have a region" }),
});

/** A way in which a file's URL is asked for. */
const variant = z.strictObject({
  /** Without the question mark; `{n}` stands for a number below `distinct`. @default "" */
  query: z
    .string()
    .regex(/^[A-Za-z0-9\-._~/?@!$&'()*+,;=:%{}]*$/, { error: "must be percent-encoded" })
    .default(""),
  /** Headers of the request; `{n}` as in the query. @default {} */
  headers: headers.default({}),
  /** How many different values `{n}` has. @default 1 */
  distinct: whole(1, 10_000).default(1),
  /** Of the file's requests. The shares of all variants add up to 1. */
  share,
});

/** Downloads that break off. */
const interruptions = z.strictObject({
  /** Of all requests for the file, 0 for none. */
  share: between(0, 1),
  /** Goes on with the rest by a range, or loads the whole anew. Each is tried again once. */
  retry: z.enum(["resume", "restart"], { error: 'must be "resume" or "restart"' }),
  /** Seconds until then. */
  afterSeconds: whole(0, 86_400),
});

const file = z.strictObject({
  /** Path of the URL, e.g. `/updates/v1.2.3.zip`. */
  path,
  /** Size. */
  bytes: whole(0, MAXIMUM_BYTES),
  /** Size when CloudFront has compressed it. @default it is as large */
  compressedBytes: whole(0, MAXIMUM_BYTES).optional(),
  /** Of the clients, those that ask for it. */
  share: between(0, 1),
  /** Seconds after the client has come. @default 0 */
  afterSeconds: whole(0, 604_800).default(0),
  /** How often each asks, and after how many seconds again. @default once */
  repeat: z.strictObject({ times: whole(1, 10_000), everySeconds: whole(1, 2_678_400) }).optional(),
  /** What the origin answers. @default 200 */
  status: whole(200, 599).default(200),
  /** Headers that the origin answers with, besides those of its class. @default {} */
  headers: headers.default({}),
  /** @default one, without a query */
  variants: z.array(variant).min(1, { error: "must have a variant" }).optional(),
  /** Loaded in parts of so many bytes, so many at once. @default in one piece */
  chunks: z.strictObject({ bytes: whole(1024, MAXIMUM_BYTES), parallel: whole(1, 64).default(1) }).optional(),
  /** @default those of the plan */
  interruptions: interruptions.optional(),
});

/** Today's application, which becomes the origin. */
const origin = z.strictObject({
  /** AWS region, for its prices. */
  region: awsRegion,
  /** EC2 instances of its Auto Scaling group. @default "m7g.large" */
  instanceType: z
    .string()
    .regex(/^[a-z0-9-]+\.[a-z0-9-]+$/, { error: "must be a type like m7g.large" })
    .default("m7g.large"),
  /** Requests that one instance answers in a second. @default 500: an assumption, to be replaced by a measurement of the application */
  instanceRequestsPerSecond: above(0, 1e6).default(500),
  /** Mbit/s that one instance sends. @default what its type has at all times, where instances.ts knows it */
  instanceMegabitsPerSecond: above(0, 1e6).optional(),
  /** Share of that which the group's scaling keeps to. @default 0.7 */
  targetUtilisation: above(0, 1).default(0.7),
  /** Instances that run at all times. @default 2 */
  minimumInstances: whole(0, 10_000).default(2),
  /** Milliseconds until the first byte of an answer. @default 100 */
  latencyMilliseconds: whole(0, 60_000).default(100),
  /** Answers ranges. @default true */
  answersRanges: z.boolean().default(true),
  /** Sends ETag or Last-Modified, and answers 304 to who has the object. @default true */
  answersNotModified: z.boolean().default(true),
  /** Rules of the load balancer's listener that a request passes. @default 1 */
  listenerRules: whole(1, 100).default(1),
});

/** A release and who loads it: the whole of a plan. */
export const planSchema = z.strictObject({
  /** Shown in the results. @default "release" */
  name: z.string().min(1).max(100).default("release"),
  /** The same seed, the same requests. @default 1 */
  seed: whole(0, 4_294_967_295).default(1),
  /** How many come. */
  clients: whole(1, 50_000_000),
  /** Hours in which they come. */
  durationHours: above(0, 744),
  /** How often a month, for the costs. @default 1 */
  releasesPerMonth: between(0, 744).default(1),
  /** Begin, for `diurnal` and for `Expires`. @default "2026-01-05T09:00:00Z" */
  startsAt: z.iso
    .datetime({ error: "must be a time like 2026-01-05T09:00:00Z" })
    .default("2026-01-05T09:00:00Z"),
  arrivals,
  viewers: z
    .array(viewers)
    .min(1, { error: "must have a group of clients" })
    .max(50, { error: "must be at most 50 groups" }),
  /** Mbit/s that a client loads with. @default 50 */
  viewerMegabitsPerSecond: above(0, 100_000).default(50),
  /** Mbit/s that CloudFront loads with from the origin. @default 500 */
  originFetchMegabitsPerSecond: above(0, 100_000).default(500),
  /** Bytes of an answer's headers. @default 500 */
  responseHeaderBytes: whole(0, 20_480).default(500),
  /** Headers that the origin answers with, by path: the first pattern that matches counts. @default none */
  classes: z.array(z.strictObject({ pathPattern: pattern, headers })).default([]),
  files: z
    .array(file)
    .min(1, { error: "must have a file" })
    .max(1000, { error: "must be at most 1000 files" }),
  /** @default none */
  interruptions: interruptions.default({ share: 0, retry: "resume", afterSeconds: 0 }),
  /** Paths that are removed from the caches, and when. @default none */
  invalidations: z
    .array(
      z.strictObject({
        atHours: between(0, 744),
        paths: z.array(pattern).min(1, { error: "must have a path" }),
      }),
    )
    .default([]),
  origin,
});

type Read = z.infer<typeof planSchema>;

/** A plan with its defaults filled in. Units are in the names; 1 Mbit is 10^6 bits. */
export type Plan = Omit<Read, "origin"> & {
  readonly origin: Read["origin"] & { readonly instanceMegabitsPerSecond: number };
};
/** A file of a plan. */
export type PlannedFile = Plan["files"][number];
