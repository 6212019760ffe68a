import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { Construct } from "constructs";
import type { Label } from "../internal/label";
import { Endpoints } from "./endpoints";
import { FlowLogs } from "./flow-logs";
import { InternetAccess } from "./internet-access";
import { subnetCidrs, subnetIpv6Cidrs } from "./subnet-cidrs";
import { SubnetTier } from "./subnet-tier";

/** A VPC. */
export interface NetworkConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** IPv4 range of the VPC, /16 to /24, e.g. `10.0.0.0/16`. */
  readonly cidr: string;
  /** Two or three zones of the label's region. Add at the end: a subnet's range follows its zone's place. */
  readonly availabilityZones: readonly string[];
  /** Way out for private subnets: none, so that there are neither these nor public ones; one NAT gateway; one per zone. */
  readonly nat: "none" | "single" | "per-zone";
  /**
   * `dualstack` gives the VPC a /56 of Amazon's IPv6 addresses besides, and every subnet a /64. Private subnets then reach the internet
   * by an egress-only gateway, S3's dual-stack addresses among it, which the gateway endpoint does not guard. @default "ipv4"
   */
  readonly ipAddressType?: "ipv4" | "dualstack";
  /** Short names of AWS services reached by an interface endpoint, e.g. `secretsmanager`, `ecr.api`. */
  readonly interfaceEndpoints: readonly string[];
  /** Days that flow logs are kept. */
  readonly flowLogRetentionDays: number;
  /** ARN of the KMS key for the flow logs. */
  readonly kmsKeyArn: string;
}

/**
 * VPC with its subnets, endpoints and flow logs.
 *
 * @throws Error naming the field, what it must be and what it is
 */
export class Network extends Construct {
  /** Id of the VPC. */
  readonly vpcId: string;
  /** Range of the VPC. */
  readonly vpcCidr: string;
  /** IPv6 range of the VPC; only with `dualstack`. */
  readonly vpcIpv6Cidr: string | undefined;
  /** Zones of the subnets. */
  readonly availabilityZones: readonly string[];
  /** Ids of the public subnets, in the order of the zones; none when `nat` is `none`. */
  readonly publicSubnetIds: readonly string[];
  /** Ids of the private subnets; none when `nat` is `none`. */
  readonly privateSubnetIds: readonly string[];
  /** Ids of the isolated subnets. */
  readonly isolatedSubnetIds: readonly string[];
  /** Public IPv4 addresses by which private subnets leave; none when `nat` is `none`. */
  readonly natAddresses: readonly string[];
  /** Ids of all route tables, for routes to other VPCs. */
  readonly routeTableIds: readonly string[];
  /** Prefix list of DynamoDB's addresses, for security group rules. */
  readonly dynamodbPrefixListId: string;
  /** Prefix list of S3's addresses, for security group rules. */
  readonly s3PrefixListId: string;
  /** Security group of the interface endpoints, for rules that let others reach them; none when there are no such endpoints. */
  readonly endpointSecurityGroupId: string | undefined;

  constructor(scope: Construct, id: string, config: NetworkConfig) {
    super(scope, id);
    const { availabilityZones, cidr, label, nat } = config;
    const cidrs = subnetCidrs(cidr, availabilityZones.length);
    checkZones(availabilityZones, label.region);
    const vpc = new Vpc(this, "vpc", {
      cidrBlock: cidr,
      enableDnsSupport: true,
      // Interface endpoints answer under their service's own name only with this.
      enableDnsHostnames: true,
      ...(config.ipAddressType === "dualstack" && { assignGeneratedIpv6CidrBlock: true }),
      tags: { Name: label.name("vpc", 255) },
    });
    const vpcIpv6Cidr = config.ipAddressType === "dualstack" ? vpc.ipv6CidrBlock : undefined;
    const ipv6Cidrs =
      vpcIpv6Cidr === undefined ? undefined : subnetIpv6Cidrs(vpcIpv6Cidr, availabilityZones.length);
    // AWS's own default lets its members reach each other and everything else. Without rules it is harmless.
    new DefaultSecurityGroup(this, "default-security-group", { vpcId: vpc.id, ingress: [], egress: [] });
    const isolated = new SubnetTier(this, "isolated", {
      label,
      name: "isolated",
      vpcId: vpc.id,
      availabilityZones,
      cidrs: cidrs.isolated,
      ...(ipv6Cidrs && { ipv6Cidrs: ipv6Cidrs.isolated }),
      assignIpv6: true,
      routeTables: "one",
    });
    const internet =
      nat === "none"
        ? undefined
        : new InternetAccess(this, "internet", {
            label,
            vpcId: vpc.id,
            availabilityZones,
            publicCidrs: cidrs.public,
            privateCidrs: cidrs.private,
            ...(ipv6Cidrs && { publicIpv6Cidrs: ipv6Cidrs.public, privateIpv6Cidrs: ipv6Cidrs.private }),
            nat,
          });
    const tiers = internet ? [isolated, internet.privateTier, internet.publicTier] : [isolated];
    const routeTableIds = tiers.flatMap((tier) => tier.routeTableIds);
    const endpoints = new Endpoints(this, "endpoints", {
      label,
      vpcId: vpc.id,
      vpcCidr: cidr,
      routeTableIds,
      subnetIds: isolated.subnetIds,
      interfaceEndpoints: config.interfaceEndpoints,
    });
    new FlowLogs(this, "flow-logs", {
      label,
      vpcId: vpc.id,
      retentionDays: config.flowLogRetentionDays,
      kmsKeyArn: config.kmsKeyArn,
    });
    this.vpcId = vpc.id;
    this.vpcCidr = cidr;
    this.vpcIpv6Cidr = vpcIpv6Cidr;
    this.availabilityZones = availabilityZones;
    this.publicSubnetIds = internet?.publicTier.subnetIds ?? [];
    this.privateSubnetIds = internet?.privateTier.subnetIds ?? [];
    this.isolatedSubnetIds = isolated.subnetIds;
    this.natAddresses = internet?.natAddresses ?? [];
    this.routeTableIds = routeTableIds;
    this.dynamodbPrefixListId = endpoints.dynamodbPrefixListId;
    this.s3PrefixListId = endpoints.s3PrefixListId;
    this.endpointSecurityGroupId = endpoints.securityGroupId;
  }
}

function checkZones(zones: readonly string[], region: string): void {
  for (const [index, zone] of zones.entries()) {
    const path = `availabilityZones[${index}]`;
    if (!zone.startsWith(region)) throw new Error(`${path} must be a zone of ${region}, got "${zone}"`);
    if (zones.indexOf(zone) !== index) throw new Error(`${path}: "${zone}" comes twice; name another zone`);
  }
}
