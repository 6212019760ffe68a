import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";
import { checkRecords } from "./check-records";
import type { AliasRecord, Routing, ValueRecord } from "./record";

/** Records of one zone. */
export interface DnsRecordsConfig {
  /** Id of the zone. */
  readonly zoneId: string;
  /** Domain of the zone, e.g. `example.com`. */
  readonly zoneName: string;
  /** Names that lead to something of AWS's. @default none */
  readonly aliases?: readonly AliasRecord[];
  /** Names with values. @default none */
  readonly records?: readonly ValueRecord[];
}

/** Seconds that resolvers keep an answer unless said otherwise. */
const TTL_SECONDS = 300;

/**
 * Records of one zone, each known by its name, type and `setId`: one that goes leaves the others.
 *
 * @throws Error naming every record that is wrong, one to a line
 */
export class DnsRecords extends Construct {
  constructor(scope: Construct, id: string, config: DnsRecordsConfig) {
    super(scope, id);
    const { zoneId, zoneName, aliases = [], records = [] } = config;
    checkRecords(zoneName, aliases, records);
    for (const alias of aliases) {
      for (const type of ["A", "AAAA"]) {
        new Route53Record(this, recordId(alias, type), {
          zoneId,
          name: alias.name,
          type,
          alias: {
            name: alias.aliasDnsName,
            zoneId: alias.aliasZoneId,
            evaluateTargetHealth: alias.evaluateTargetHealth ?? true,
          },
          ...routing(alias),
        });
      }
    }
    for (const record of records) {
      new Route53Record(this, recordId(record, record.type), {
        zoneId,
        name: record.name,
        type: record.type,
        ttl: record.ttlSeconds ?? TTL_SECONDS,
        records: record.type === "TXT" ? record.values.map(textParts) : [...record.values],
        ...routing(record),
      });
    }
  }
}

function recordId({ name, setId }: Routing & { readonly name: string }, type: string): string {
  return [type, name, ...(setId === undefined ? [] : [setId])].join("-");
}

function routing({ setId, weight, failover, healthCheckId }: Routing) {
  return {
    ...(setId !== undefined && { setIdentifier: setId }),
    ...(weight !== undefined && { weightedRoutingPolicy: { weight } }),
    ...(failover !== undefined && { failoverRoutingPolicy: { type: failover.toUpperCase() } }),
    ...(healthCheckId !== undefined && { healthCheckId }),
  };
}

/**
 * A text as the provider takes it, which sets the outer quotes itself: in parts of 255 characters, as DNS knows no longer ones, with quotes
 * and backslashes escaped for Route 53, and what would be a directive of Terraform's, as SPF's macros look, for Terraform.
 */
function textParts(text: string): string {
  const parts = text.match(/.{1,255}/gs) ?? [text];
  const escaped = parts.map((part) => part.replace(/["\\]/g, "\\$&"));
  return escaped.join('""').replaceAll("%{", "%%{");
}
