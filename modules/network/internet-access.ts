import { EgressOnlyInternetGateway } from "@cdktf/provider-aws/lib/egress-only-internet-gateway";
import { Eip } from "@cdktf/provider-aws/lib/eip";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { Construct } from "constructs";
import type { Label } from "../internal/label";
import { SubnetTier } from "./subnet-tier";

/** Every address: as a route's destination, the internet. */
const ANYWHERE = "0.0.0.0/0";
const ANYWHERE_IPV6 = "::/0";

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
  /** IPv6 ranges of the public subnets. Together with `privateIpv6Cidrs`. @default IPv4 alone */
  readonly publicIpv6Cidrs?: readonly string[];
  /** IPv6 ranges of the private subnets. Together with `publicIpv6Cidrs`. @default IPv4 alone */
  readonly privateIpv6Cidrs?: readonly string[];
  /** One NAT gateway for all zones, or one for each: a zone's failure then leaves the others their way out. */
  readonly nat: "single" | "per-zone";
}

/**
 * Internet gateway, public subnets, NAT gateways in them, private subnets behind those. By IPv6, private subnets go out through an
 * egress-only gateway, which lets nothing in.
 */
export class InternetAccess extends Construct {
  /** Subnets that the internet gateway serves. */
  readonly publicTier: SubnetTier;
  /** Subnets that leave by NAT. */
  readonly privateTier: SubnetTier;
  /** IPv4 addresses of the NAT gateways. */
  readonly natAddresses: readonly string[];

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
      ...(config.publicIpv6Cidrs !== undefined && { ipv6Cidrs: config.publicIpv6Cidrs }),
      // What is put here says by itself that it is to be reached; load balancers get addresses whatever is said here.
      assignIpv6: false,
      routeTables: "one",
      addWayOut: (routeTableId) =>
        new Route(this, "public-route", {
          routeTableId,
          destinationCidrBlock: ANYWHERE,
          gatewayId: gateway.id,
        }).routeTableId,
    });
    const zonesWithNat = nat === "single" ? availabilityZones.slice(0, 1) : availabilityZones;
    const nats = zonesWithNat.map((zone, index) => {
      const name = { Name: label.name(`nat-${zone}`, 255) };
      const address = new Eip(this, `address-${index + 1}`, { domain: "vpc", tags: name });
      const { id } = new NatGateway(this, `nat-${index + 1}`, {
        allocationId: address.id,
        subnetId: this.publicTier.subnetIds[index] as string,
        tags: name,
        dependsOn: [gateway],
      });
      return { id, address: address.publicIp };
    });
    this.natAddresses = nats.map(({ address }) => address);
    this.privateTier = new SubnetTier(this, "private", {
      label,
      name: "private",
      vpcId,
      availabilityZones,
      cidrs: config.privateCidrs,
      ...(config.privateIpv6Cidrs !== undefined && { ipv6Cidrs: config.privateIpv6Cidrs }),
      assignIpv6: true,
      routeTables: "per-zone",
      addWayOut: (routeTableId, index) =>
        new Route(this, `private-route-${index + 1}`, {
          routeTableId,
          destinationCidrBlock: ANYWHERE,
          natGatewayId: (nats[index] ?? nats[0])?.id as string,
        }).routeTableId,
    });
    if (config.privateIpv6Cidrs !== undefined) this.addIpv6Routes(gateway.id, config);
  }

  private addIpv6Routes(gatewayId: string, { label, vpcId }: InternetAccessConfig): void {
    new Route(this, "public-ipv6-route", {
      routeTableId: this.publicTier.routeTableIds[0] as string,
      destinationIpv6CidrBlock: ANYWHERE_IPV6,
      gatewayId,
    });
    const egressOnly = new EgressOnlyInternetGateway(this, "egress-only-gateway", {
      vpcId,
      tags: { Name: label.name("egress-only", 255) },
    });
    this.privateTier.routeTableIds.forEach((routeTableId, index) => {
      new Route(this, `private-ipv6-route-${index + 1}`, {
        routeTableId,
        destinationIpv6CidrBlock: ANYWHERE_IPV6,
        egressOnlyGatewayId: egressOnly.id,
      });
    });
  }
}
