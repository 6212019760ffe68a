import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Construct } from "constructs";
import type { Label } from "../internal/label";

/** What the subnets of one tier need. */
export interface SubnetTierConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Name of the tier, e.g. `isolated`. */
  readonly name: string;
  /** Id of the VPC. */
  readonly vpcId: string;
  /** Availability zones, one subnet in each. */
  readonly availabilityZones: readonly string[];
  /** Ranges of the subnets, in the order of the zones. */
  readonly cidrs: readonly string[];
  /** IPv6 ranges of the subnets, in the order of the zones. @default IPv4 alone */
  readonly ipv6Cidrs?: readonly string[];
  /** Hosts get an IPv6 address by themselves, where there is a range. It is public: what reaches it, the routes say. */
  readonly assignIpv6: boolean;
  /** One route table for all zones, or one for each, where the way out differs by zone. */
  readonly routeTables: "one" | "per-zone";
  /**
   * Adds the way out to a route table, given its id and its place among them.
   *
   * @returns the same id as the route has it. @default there is no way out
   */
  readonly addWayOut?: (routeTableId: string, index: number) => string;
}

/**
 * One subnet in each zone, and their route tables. No subnet gives its hosts public IPv4 addresses by itself.
 *
 * What is put into a subnet waits until there is a way out of it, and is gone before that goes: tasks fetch their image by it, and
 * hosts are told by it to stop what they run.
 */
export class SubnetTier extends Construct {
  /** Ids of the subnets, in the order of the zones, as their associations have them: known once the way out is there. */
  readonly subnetIds: readonly string[];
  /** Ids of the route tables: one, or one for each zone in their order. */
  readonly routeTableIds: readonly string[];

  constructor(scope: Construct, id: string, config: SubnetTierConfig) {
    super(scope, id);
    const { availabilityZones, label, name, vpcId } = config;
    const tables = config.routeTables === "one" ? [name] : availabilityZones.map((zone) => `${name}-${zone}`);
    this.routeTableIds = tables.map(
      (table, index) =>
        new RouteTable(this, `routes-${index + 1}`, { vpcId, tags: { Name: label.name(table, 255) } }).id,
    );
    const associated = this.routeTableIds.map((id, index) => config.addWayOut?.(id, index) ?? id);
    this.subnetIds = availabilityZones.map((availabilityZone, index) => {
      const subnet = new Subnet(this, `subnet-${index + 1}`, {
        vpcId,
        availabilityZone,
        cidrBlock: config.cidrs[index] as string,
        mapPublicIpOnLaunch: false,
        ...(config.ipv6Cidrs !== undefined && {
          ipv6CidrBlock: config.ipv6Cidrs[index] as string,
          assignIpv6AddressOnCreation: config.assignIpv6,
        }),
        tags: { Name: label.name(`${name}-${availabilityZone}`, 255) },
      });
      const association = new RouteTableAssociation(this, `association-${index + 1}`, {
        subnetId: subnet.id,
        routeTableId: (associated[index] ?? associated[0]) as string,
      });
      return association.subnetId;
    });
  }
}
