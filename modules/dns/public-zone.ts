import { Route53Zone } from "@cdktf/provider-aws/lib/route53-zone";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { checkAll } from "../internal/check";
import type { Label } from "../internal/label";
import { checkDomainName } from "./domain-name";
import { QueryLog } from "./query-log";

/** A zone that everybody can ask. */
export interface PublicZoneConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Domain of the zone, e.g. `dev.example.com`. */
  readonly domainName: string;
  /** Days that a log of who asked for what is kept. Together with `queryLogKmsKeyArn`. @default no log */
  readonly queryLogRetentionDays?: number;
  /** ARN of a KMS key in us-east-1 for that log; its policy must let `logs.us-east-1.amazonaws.com` use it. */
  readonly queryLogKmsKeyArn?: string;
  /** Terraform refuses to destroy or replace the zone. It never does while there are records that it has not made. */
  readonly deletionProtection: boolean;
  /** Provider of us-east-1, where the log goes. @default the stack's own */
  readonly globalProvider?: TerraformProvider;
}

/**
 * Public hosted zone. It answers once the registrar, or the zone above, names its `nameServers`.
 *
 * @throws Error naming every field that is wrong, one to a line
 */
export class PublicZone extends Construct {
  /** Id of the zone. */
  readonly zoneId: string;
  /** Domain of the zone. */
  readonly domainName: string;
  /** Name servers of the zone, to be named by the registrar or in the zone above. */
  readonly nameServers: string[];

  constructor(scope: Construct, id: string, config: PublicZoneConfig) {
    super(scope, id);
    checkConfig(config);
    const { label, domainName, queryLogKmsKeyArn, queryLogRetentionDays } = config;
    const zone = new Route53Zone(this, "zone", {
      name: domainName,
      comment: `Public zone of ${label.prefix}`,
      // What others have put into the zone is not ours to remove.
      forceDestroy: false,
      lifecycle: { preventDestroy: config.deletionProtection },
    });
    if (queryLogRetentionDays !== undefined && queryLogKmsKeyArn !== undefined) {
      new QueryLog(this, "query-log", {
        label,
        domainName,
        zoneId: zone.zoneId,
        zoneArn: zone.arn,
        retentionDays: queryLogRetentionDays,
        kmsKeyArn: queryLogKmsKeyArn,
        ...(config.globalProvider !== undefined && { provider: config.globalProvider }),
      });
    }
    this.zoneId = zone.zoneId;
    this.domainName = domainName;
    this.nameServers = zone.nameServers;
  }
}

function checkConfig({ domainName, queryLogKmsKeyArn, queryLogRetentionDays }: PublicZoneConfig): void {
  checkAll([
    () => checkDomainName("domainName", domainName),
    () => {
      if ((queryLogKmsKeyArn === undefined) === (queryLogRetentionDays === undefined)) return;
      const [missing, given] =
        queryLogKmsKeyArn === undefined
          ? ["queryLogKmsKeyArn", "queryLogRetentionDays"]
          : ["queryLogRetentionDays", "queryLogKmsKeyArn"];
      throw new Error(`${missing} must be set with ${given}, got undefined; leave both out for no log`);
    },
  ]);
}
