import { Route53Zone } from "@cdktf/provider-aws/lib/route53-zone";
import { Construct } from "constructs";
import { checkAll } from "../internal/check";
import type { Label } from "../internal/label";
import { checkDomainName } from "./domain-name";

/** A zone that VPCs alone can ask. */
export interface PrivateZoneConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Domain of the zone, e.g. `internal.example.com`. */
  readonly domainName: string;
  /** Ids of the VPCs of this account and region that can ask it; they must have DNS support and DNS host names. */
  readonly vpcIds: readonly string[];
  /** Terraform refuses to destroy or replace the zone. It never does while there are records that it has not made. */
  readonly deletionProtection: boolean;
}

/**
 * Private hosted zone.
 *
 * @throws Error naming every field that is wrong, one to a line
 */
export class PrivateZone extends Construct {
  /** Id of the zone. */
  readonly zoneId: string;
  /** Domain of the zone. */
  readonly domainName: string;

  constructor(scope: Construct, id: string, config: PrivateZoneConfig) {
    super(scope, id);
    const { domainName, vpcIds } = config;
    checkAll([
      () => checkDomainName("domainName", domainName),
      () => {
        if (vpcIds.length === 0)
          throw new Error("vpcIds must hold at least 1 VPC, got 0: the zone would be public");
      },
    ]);
    const zone = new Route53Zone(this, "zone", {
      name: domainName,
      comment: `Private zone of ${config.label.prefix}`,
      vpc: vpcIds.map((vpcId) => ({ vpcId })),
      // What others have put into the zone is not ours to remove.
      forceDestroy: false,
      lifecycle: { preventDestroy: config.deletionProtection },
    });
    this.zoneId = zone.zoneId;
    this.domainName = domainName;
  }
}
