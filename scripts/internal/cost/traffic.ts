import * as z from "zod";
import type { SynthesisedTerraform } from "./stack";

const quantity = z.number().min(0);

/** What a part of an environment is assumed to be used for in a month. */
const usage = z.strictObject({
  /** Requests that it answers. */
  requests: quantity.exactOptional(),
  /** Of them, those that a cache passes on to the origin. */
  originRequests: quantity.exactOptional(),
  /** Kilobytes of an answer, on average. */
  responseKilobytes: quantity.exactOptional(),
  /** Milliseconds that a function runs for a request, on average. */
  functionMilliseconds: quantity.exactOptional(),
  /** Units that a table is read by: each up to 4 KB, consistently; half of one otherwise. */
  readUnits: quantity.exactOptional(),
  /** Units that a table is written by: each up to 1 KB. */
  writeUnits: quantity.exactOptional(),
  /** Objects that are written to a bucket. */
  putRequests: quantity.exactOptional(),
  /** Objects that are read from a bucket. */
  getRequests: quantity.exactOptional(),
  /** GB that are kept, on average over the month. */
  storedGigabytes: quantity.exactOptional(),
  /** GB of copies that are kept to restore from, beyond what is free. */
  backupGigabytes: quantity.exactOptional(),
  /** I/O operations of a database's storage. */
  inputOutputRequests: quantity.exactOptional(),
  /** GB that pass through, as through a NAT gateway or an endpoint. */
  processedGigabytes: quantity.exactOptional(),
  /** GB that go out to the internet. */
  transferGigabytes: quantity.exactOptional(),
  /** GB of logs that are written. */
  logGigabytes: quantity.exactOptional(),
  /** Users who sign in at least once. */
  activeUsers: quantity.exactOptional(),
  /** Calls of a key, a secret or another helper of the service. */
  calls: quantity.exactOptional(),
});

const assumedTraffic = z.strictObject({
  /** By construct path below the stack: the longest that a resource's path begins with, and that has the quantity, counts. */
  parts: z.record(z.string(), usage).default({}),
  /** Where viewers of CloudFront are, as scripts/internal/prices names parts of the world. @default "europe" */
  viewersIn: z.string().default("europe"),
});

/**
 * The traffic that usage is priced by, as the specification's section `assumedTraffic` is emitted (envs/assumed-traffic.ts). All
 * quantities are for a month.
 */
export type AssumedTraffic = z.output<typeof assumedTraffic>;

/** A quantity of AssumedTraffic. */
export type UsageName = keyof z.output<typeof usage>;

/** What a stack says of its traffic; nothing when it is of before there was such a section. @throws Error naming a field that is wrong */
export function trafficOf(stack: SynthesisedTerraform): AssumedTraffic {
  const read = assumedTraffic.safeParse(stack["//"]?.assumedTraffic ?? {});
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new Error(`//.assumedTraffic.${issue?.path.join(".")}: ${issue?.message}`);
}

/** The quantity for what is at that path; undefined when nothing is assumed. */
export function usageAt({ parts }: AssumedTraffic, path: string, name: UsageName): number | undefined {
  const segments = path.split("/");
  for (let length = segments.length; length > 0; length--) {
    const value = parts[segments.slice(0, length).join("/")]?.[name];
    if (value !== undefined) return value;
  }
  return undefined;
}
