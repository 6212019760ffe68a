import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import {
  VpcSecurityGroupIngressRule,
  type VpcSecurityGroupIngressRuleConfig,
} from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { allowTraffic, isIpv6 } from "../internal/security-groups";
import type { LoadBalancerConfig } from "./config";

/** Port of plain HTTP. */
const HTTP_PORT = 80;

/** A group for the load balancer, with `internal` one for its clients, and the rules between them. */
export class LoadBalancerSecurityGroups extends Construct {
  /** Group of the load balancer. It reaches nothing: each service behind it adds the way to itself. */
  readonly loadBalancerGroupId: string;
  /** Group whose members reach the load balancer. Undefined unless it is internal. */
  readonly clientGroupId?: string;

  constructor(scope: Construct, id: string, config: LoadBalancerConfig, port: number, redirect: boolean) {
    super(scope, id);
    const { name } = config;
    const what = `Load balancer ${name}`;
    this.loadBalancerGroupId = this.addGroup("load-balancer", name, what, config);
    const listener = { ipProtocol: "tcp", fromPort: port, toPort: port };
    const plain = { ipProtocol: "tcp", fromPort: HTTP_PORT, toPort: HTTP_PORT };
    for (const [index, cidr] of (config.ingressCidrs ?? []).entries()) {
      const range = isIpv6(cidr) ? { cidrIpv6: cidr } : { cidrIpv4: cidr };
      // The range is the id: adding or removing one leaves the others open.
      const rangeId = Token.isUnresolved(cidr) ? String(index) : cidr.replaceAll("/", "_");
      this.letIn(`from-${rangeId}`, { ...listener, ...range, description: "Callers" });
      if (!redirect) continue;
      this.letIn(`from-${rangeId}-http`, {
        ...plain,
        ...range,
        description: "Callers, to be redirected to HTTPS",
      });
    }
    for (const [index, prefixListId] of (config.ingressPrefixListIds ?? []).entries()) {
      this.letIn(`from-prefix-list-${index}`, {
        ...listener,
        prefixListId,
        description: "Callers of a prefix list",
      });
    }
    for (const [index, referencedSecurityGroupId] of (config.ingressSecurityGroupIds ?? []).entries()) {
      const rule = { referencedSecurityGroupId, description: "Callers of a security group" };
      this.letIn(`from-group-${index}`, { ...listener, ...rule });
    }
    if (!config.internal) return;
    this.clientGroupId = this.addGroup(
      "clients",
      `${name}-clients`,
      `Clients of load balancer ${name}`,
      config,
    );
    allowTraffic(this, "clients-to-load-balancer", {
      fromGroupId: this.clientGroupId,
      toGroupId: this.loadBalancerGroupId,
      port,
      description: what,
    });
  }

  private letIn(id: string, rule: Omit<VpcSecurityGroupIngressRuleConfig, "securityGroupId">): void {
    new VpcSecurityGroupIngressRule(this, id, { ...rule, securityGroupId: this.loadBalancerGroupId });
  }

  private addGroup(
    id: string,
    thing: string,
    description: string,
    { label, vpcId }: LoadBalancerConfig,
  ): string {
    const name = label.name(`${thing}-load-balancer`, 255);
    return new SecurityGroup(this, id, { name, description, vpcId, tags: { Name: name } }).id;
  }
}
