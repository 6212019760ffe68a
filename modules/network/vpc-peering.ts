import { Route } from "@cdktf/provider-aws/lib/route";
import { VpcPeeringConnection } from "@cdktf/provider-aws/lib/vpc-peering-connection";
import { VpcPeeringConnectionAccepterA } from "@cdktf/provider-aws/lib/vpc-peering-connection-accepter";
import { VpcPeeringConnectionOptions } from "@cdktf/provider-aws/lib/vpc-peering-connection-options";
import { type TerraformProvider, Token } from "cdktf";
import { Construct } from "constructs";
import ipaddr from "ipaddr.js";
import { checkAll } from "../internal/check";
import type { Label } from "../internal/label";

/** A way between our VPC and another one. */
export interface VpcPeeringConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name of the other VPC, e.g. `analytics`. */
  readonly name: string;
  /** Id of our VPC. */
  readonly vpcId: string;
  /** IPv4 range of our VPC. */
  readonly vpcCidr: string;
  /** IPv6 range of our VPC. Together with `peerIpv6Cidr`. @default IPv4 alone */
  readonly vpcIpv6Cidr?: string;
  /** Route tables of our subnets that reach the other VPC. */
  readonly routeTableIds: readonly string[];
  /** Id of the other VPC. */
  readonly peerVpcId: string;
  /** IPv4 range of the other VPC; it must share no address with ours. */
  readonly peerCidr: string;
  /** IPv6 range of the other VPC. Together with `vpcIpv6Cidr`. @default IPv4 alone */
  readonly peerIpv6Cidr?: string;
  /** Route tables of the other VPC's subnets that reach ours. */
  readonly peerRouteTableIds: readonly string[];
  /** Each side resolves the other's host names to private addresses. @default true */
  readonly dnsResolution?: boolean;
  /** Account of the other VPC. Another one needs `peerProvider`. @default this account */
  readonly peerAccountId?: string;
  /** Region of the other VPC. Another one needs `peerProvider`. @default this region */
  readonly peerRegion?: string;
  /** Provider of the other VPC's account and region, which accepts and makes the routes there. @default the stack's own */
  readonly peerProvider?: TerraformProvider;
}

/**
 * Peering of two VPCs: asked for by ours, accepted by the other, with routes both ways, and names resolved unless said otherwise. What may pass, the security
 * groups of either side say: peering opens none.
 *
 * One for each other VPC; peering does not go on from one VPC to the next.
 *
 * @throws Error naming every field that is wrong, one to a line
 */
export class VpcPeering extends Construct {
  /** Id of the connection, once it is accepted. */
  readonly connectionId: string;

  constructor(scope: Construct, id: string, config: VpcPeeringConfig) {
    super(scope, id);
    checkConfig(config);
    const { label, name, peerAccountId, peerProvider, peerRegion } = config;
    const peer = peerProvider && { provider: peerProvider };
    // Of one account and region both have the same tags: they are two views of one connection.
    const tags = { Name: label.name(`peering-${name}`, 255) };
    const connection = new VpcPeeringConnection(this, "connection", {
      vpcId: config.vpcId,
      peerVpcId: config.peerVpcId,
      ...(peerAccountId !== undefined && { peerOwnerId: peerAccountId }),
      ...(peerRegion !== undefined && { peerRegion }),
      autoAccept: false,
      tags,
    });
    const accepted = new VpcPeeringConnectionAccepterA(this, "accepter", {
      vpcPeeringConnectionId: connection.id,
      autoAccept: true,
      tags,
      ...peer,
    });
    // By the accepter's id, so that all else waits until the connection is there.
    this.connectionId = accepted.id;
    if (config.dnsResolution ?? true) this.addOptions(peer);
    this.addRoutes("route", config.routeTableIds, config.peerCidr, config.peerIpv6Cidr);
    this.addRoutes("peer-route", config.peerRouteTableIds, config.vpcCidr, config.vpcIpv6Cidr, peerProvider);
  }

  /** Each side may say only for itself that the other resolves its names. */
  private addOptions(peer: { readonly provider: TerraformProvider } | undefined): void {
    const resolved = { allowRemoteVpcDnsResolution: true };
    new VpcPeeringConnectionOptions(this, "requester-options", {
      vpcPeeringConnectionId: this.connectionId,
      requester: resolved,
    });
    new VpcPeeringConnectionOptions(this, "accepter-options", {
      vpcPeeringConnectionId: this.connectionId,
      accepter: resolved,
      ...peer,
    });
  }

  private addRoutes(
    id: string,
    tables: readonly string[],
    cidr: string,
    ipv6Cidr: string | undefined,
    provider?: TerraformProvider,
  ): void {
    tables.forEach((routeTableId, index) => {
      const common = {
        routeTableId,
        vpcPeeringConnectionId: this.connectionId,
        ...(provider !== undefined && { provider }),
      };
      new Route(this, `${id}-${index + 1}`, { ...common, destinationCidrBlock: cidr });
      if (ipv6Cidr !== undefined) {
        new Route(this, `${id}-ipv6-${index + 1}`, { ...common, destinationIpv6CidrBlock: ipv6Cidr });
      }
    });
  }
}

function checkConfig(config: VpcPeeringConfig): void {
  const { label, peerCidr, peerProvider, vpcCidr } = config;
  const differs = (field: "peerAccountId" | "peerRegion", own: string) => () => {
    const value = config[field];
    if (value === undefined || Token.isUnresolved(value) || value === own || peerProvider) return;
    throw new Error(`peerProvider must be set for ${field} "${value}", as the stack's own is of ${own}`);
  };
  checkAll([
    () => checkRanges(vpcCidr, peerCidr),
    differs("peerAccountId", label.accountId),
    differs("peerRegion", label.region),
    () => {
      if ((config.vpcIpv6Cidr === undefined) === (config.peerIpv6Cidr === undefined)) return;
      const [missing, given] =
        config.vpcIpv6Cidr === undefined ? ["vpcIpv6Cidr", "peerIpv6Cidr"] : ["peerIpv6Cidr", "vpcIpv6Cidr"];
      throw new Error(`${missing} must be set with ${given}, got undefined; leave both out for IPv4 alone`);
    },
    () => checkTables("routeTableIds", config.routeTableIds),
    () => checkTables("peerRouteTableIds", config.peerRouteTableIds),
  ]);
}

function checkRanges(vpcCidr: string, peerCidr: string): void {
  if (Token.isUnresolved(vpcCidr) || Token.isUnresolved(peerCidr)) return;
  if (!ipaddr.IPv4.isValidCIDR(peerCidr)) {
    throw new Error(`peerCidr must be an IPv4 range such as 10.1.0.0/16, got "${peerCidr}"`);
  }
  const [address, bits] = ipaddr.IPv4.parseCIDR(vpcCidr);
  const [peerAddress, peerBits] = ipaddr.IPv4.parseCIDR(peerCidr);
  if (!address.match(peerAddress, Math.min(bits, peerBits))) return;
  throw new Error(`peerCidr must share no address with vpcCidr ${vpcCidr}, got "${peerCidr}"`);
}

/** Without a route on either side nothing comes back. */
function checkTables(field: string, tables: readonly string[]): void {
  // A list that is itself a token has no length yet, and so makes no routes.
  if (Token.isUnresolved(tables)) {
    throw new Error(
      `${field} must be a list whose length is known before deployment, got a reference to a list`,
    );
  }
  if (tables.length === 0) throw new Error(`${field} must hold at least 1 route table, got 0`);
}
