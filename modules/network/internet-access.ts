import { Eip } from "@cdktf/provider-aws/lib/eip";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { Construct } from "constructs";
import type { Label } from "../internal/label";
import { SubnetTier } from "./subnet-tier";

/** Every address: as a route's destination, the internet. */
const ANYWHERE = "0.0.0.0/0";

/** What the ways to the internet need. */
export interface InternetAccessConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Id of the VPC. */
  readonly vpcId: string;
  /** Availability zones. */
  readonly availabilityZones: readonly string[];
  /** Ranges of the public subnets, in the order of the zones. */
  readonly publicCidrs: readonly string[];
  /** Ranges of the private subnets. */
  readonly privateCidrs: readonly string[];
  /** One NAT gateway for all zones, or one for each: a zone's failure then leaves the others their way out. */
  readonly nat: "single" | "per-zone";
}

/** Internet gateway, public subnets, NAT gateways in them, private subnets behind those. */
export class InternetAccess extends Construct {
  /** Subnets that the internet gateway serves. */
  readonly publicTier: SubnetTier;
  /** Subnets that leave by NAT. */
  readonly privateTier: SubnetTier;

  constructor(scope: Construct, id: string, config: InternetAccessConfig) {
    super(scope, id);
    const { label, vpcId, availabilityZones, nat } = config;
    const gateway = new InternetGateway(this, "gateway", {
      vpcId,
      tags: { Name: label.name("internet", 255) },
    });
    this.publicTier = new SubnetTier(this, "public", {
      label,
      name: "public",
      vpcId,
      availabilityZones,
      cidrs: config.publicCidrs,
      routeTables: "one",
    });
    this.privateTier = new SubnetTier(this, "private", {
      label,
      name: "private",
      vpcId,
      availabilityZones,
      cidrs: config.privateCidrs,
      routeTables: "per-zone",
    });
    const [publicRoutes] = this.publicTier.routeTableIds;
    new Route(this, "public-route", {
      routeTableId: publicRoutes as string,
      destinationCidrBlock: ANYWHERE,
      gatewayId: gateway.id,
    });
    const zonesWithNat = nat === "single" ? availabilityZones.slice(0, 1) : availabilityZones;
    const natIds = zonesWithNat.map((zone, index) => {
      const name = { Name: label.name(`nat-${zone}`, 255) };
      const address = new Eip(this, `address-${index + 1}`, { domain: "vpc", tags: name });
      return new NatGateway(this, `nat-${index + 1}`, {
        allocationId: address.id,
        subnetId: this.publicTier.subnetIds[index] as string,
        tags: name,
        dependsOn: [gateway],
      }).id;
    });
    this.privateTier.routeTableIds.forEach((routeTableId, index) => {
      new Route(this, `private-route-${index + 1}`, {
        routeTableId,
        destinationCidrBlock: ANYWHERE,
        natGatewayId: (natIds[index] ?? natIds[0]) as string,
      });
    });
  }
}
