/**
 * Which of several records of one name and type answers. Each of them has a `setId`, and all have the same kind of routing.
 */
export interface Routing {
  /** Tells this record from the others of its name and type, e.g. `blue`. Together with `weight` or `failover`. @default it is the only one */
  readonly setId?: string;
  /** Share of the answers, 0 to 255, of the sum of the weights that are well. @default no weights */
  readonly weight?: number;
  /** The secondary answers while the primary is not well. @default no failover */
  readonly failover?: "primary" | "secondary";
  /** Id of the health check by which this record is well. @default it always is, but for what an alias tells */
  readonly healthCheckId?: string;
}

/** A name that leads to something of AWS's, by IPv4 and IPv6. */
export interface AliasRecord extends Routing {
  /** Name in full, e.g. `api.example.com`. */
  readonly name: string;
  /** DNS name of what it leads to, e.g. of a load balancer. */
  readonly aliasDnsName: string;
  /** Id of the zone of that DNS name. */
  readonly aliasZoneId: string;
  /** Without anything healthy behind it, the record is not well. CloudFront knows no such thing: false for it. @default true */
  readonly evaluateTargetHealth?: boolean;
}

/** A name with values. */
export interface ValueRecord extends Routing {
  /** Name in full, e.g. `www.example.com`, `_dmarc.example.com`. */
  readonly name: string;
  readonly type: "A" | "AAAA" | "CAA" | "CNAME" | "MX" | "NS" | "SRV" | "TXT";
  /** Values in the form of a zone file. Of TXT the bare text: quotes, and the parts of a text over 255 characters, are made of it. */
  readonly values: readonly string[];
  /** Seconds that resolvers keep the answer. @default 300 */
  readonly ttlSeconds?: number;
}
