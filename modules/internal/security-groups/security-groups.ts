import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Token } from "cdktf";
import { Construct } from "constructs";
import type { Label } from "../label";

/** A server and its clients. */
export interface ClientSecurityGroupsConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name of the server's group, e.g. `orders-rds`; its clients' is `<name>-clients`. */
  readonly name: string;
  /** What the server is, e.g. `Database orders`: shown in the console. */
  readonly title: string;
  /** Id of the VPC. */
  readonly vpcId: string;
  /** TCP ports that the server listens on. */
  readonly ports: readonly number[];
}

/** A group for a server and one for its clients. Clients reach the server's ports, the server reaches nothing. */
export class ClientSecurityGroups extends Construct {
  /** Group of the server. */
  readonly serverGroupId: string;
  /** Group whose members reach the server, and nothing else. */
  readonly clientGroupId: string;

  constructor(scope: Construct, id: string, config: ClientSecurityGroupsConfig) {
    super(scope, id);
    const { title } = config;
    this.serverGroupId = this.addGroup("server", config.name, title, config);
    this.clientGroupId = this.addGroup("clients", `${config.name}-clients`, `Clients of ${title}`, config);
    for (const port of config.ports) {
      allowTraffic(this, config.ports.length === 1 ? "traffic" : `traffic-${port}`, {
        fromGroupId: this.clientGroupId,
        toGroupId: this.serverGroupId,
        port,
        description: `${title}, port ${port}`,
      });
    }
  }

  private addGroup(id: string, thing: string, description: string, config: ClientSecurityGroupsConfig) {
    const name = config.label.name(thing, 255);
    return new SecurityGroup(this, id, { name, description, vpcId: config.vpcId, tags: { Name: name } }).id;
  }
}

/** TCP connections from the members of one group to those of another. */
export interface TrafficConfig {
  /** Group that connects. */
  readonly fromGroupId: string;
  /** Group that listens. */
  readonly toGroupId: string;
  /** TCP port. */
  readonly port: number;
  /** What is reached: shown in the console. */
  readonly description: string;
}

/** Lets the members of one group connect to those of another: a rule out of the one, and a rule into the other. */
export function allowTraffic(scope: Construct, id: string, config: TrafficConfig): void {
  const { port, description } = config;
  const shared = { ipProtocol: "tcp", fromPort: port, toPort: port, description };
  new VpcSecurityGroupIngressRule(scope, `${id}-in`, {
    ...shared,
    securityGroupId: config.toGroupId,
    referencedSecurityGroupId: config.fromGroupId,
  });
  new VpcSecurityGroupEgressRule(scope, `${id}-out`, {
    ...shared,
    securityGroupId: config.fromGroupId,
    referencedSecurityGroupId: config.toGroupId,
  });
}

/** What the members of a group reach by HTTPS. */
export interface HttpsConfig {
  /** Group that connects. */
  readonly groupId: string;
  /** IPv4 and IPv6 ranges. Add at the end. */
  readonly cidrs: readonly string[];
  /** Prefix lists. Add at the end. @default none */
  readonly prefixListIds?: readonly string[];
  /** What is reached: shown in the console. */
  readonly description: string;
}

/** Lets the members of a group connect by HTTPS, as to AWS's services. */
export function allowHttps(scope: Construct, config: HttpsConfig): void {
  const { cidrs, description, groupId, prefixListIds = [] } = config;
  const https = { securityGroupId: groupId, ipProtocol: "tcp", fromPort: 443, toPort: 443, description };
  for (const [index, cidr] of cidrs.entries()) {
    const range = isIpv6(cidr) ? { cidrIpv6: cidr } : { cidrIpv4: cidr };
    new VpcSecurityGroupEgressRule(scope, `https-${index}`, { ...https, ...range });
  }
  for (const [index, prefixListId] of prefixListIds.entries()) {
    new VpcSecurityGroupEgressRule(scope, `https-prefix-list-${index}`, { ...https, prefixListId });
  }
}

/** Whether a range is one of IPv6. One that is known only at deployment counts as IPv4. */
export function isIpv6(cidr: string): boolean {
  return !Token.isUnresolved(cidr) && cidr.includes(":");
}
