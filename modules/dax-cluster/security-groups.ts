import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import type { Label } from "../internal/label";

/** Port of a cluster that speaks TLS. */
const DAX_PORT = 9111;

/** What the security groups of one cluster need. */
export interface DaxSecurityGroupsConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name of the cluster. */
  readonly name: string;
  /** Id of the VPC. */
  readonly vpcId: string;
  /** Prefix list of DynamoDB's addresses. */
  readonly dynamodbPrefixListId: string;
}

/** A group for the cluster, one for its clients, and the rules between them. */
export class DaxSecurityGroups extends Construct {
  /** Group of the cluster's nodes. */
  readonly clusterGroupId: string;
  /** Group whose members reach the cluster and DynamoDB, and nothing else. */
  readonly clientGroupId: string;

  constructor(scope: Construct, id: string, config: DaxSecurityGroupsConfig) {
    super(scope, id);
    const { name } = config;
    this.clusterGroupId = this.addGroup("cluster", `${name}-dax`, `DAX cluster ${name}`, config);
    this.clientGroupId = this.addGroup(
      "clients",
      `${name}-dax-clients`,
      `Clients of DAX cluster ${name}`,
      config,
    );
    const cache = { ipProtocol: "tcp", fromPort: DAX_PORT, toPort: DAX_PORT };
    const https = { ipProtocol: "tcp", fromPort: 443, toPort: 443 };
    new VpcSecurityGroupIngressRule(this, "cluster-from-clients", {
      ...cache,
      securityGroupId: this.clusterGroupId,
      referencedSecurityGroupId: this.clientGroupId,
      description: "DAX from its clients",
    });
    // AWS does not say which of their interfaces the nodes reach DynamoDB by; it is all that they could have to reach.
    new VpcSecurityGroupEgressRule(this, "cluster-to-dynamodb", {
      ...https,
      securityGroupId: this.clusterGroupId,
      prefixListId: config.dynamodbPrefixListId,
      description: "DynamoDB, for what is not cached",
    });
    new VpcSecurityGroupEgressRule(this, "clients-to-cluster", {
      ...cache,
      securityGroupId: this.clientGroupId,
      referencedSecurityGroupId: this.clusterGroupId,
      description: "DAX",
    });
    new VpcSecurityGroupEgressRule(this, "clients-to-dynamodb", {
      ...https,
      securityGroupId: this.clientGroupId,
      prefixListId: config.dynamodbPrefixListId,
      description: "DynamoDB, for writes and when DAX is down",
    });
  }

  private addGroup(id: string, thing: string, description: string, config: DaxSecurityGroupsConfig): string {
    const name = config.label.name(thing, 255);
    return new SecurityGroup(this, id, { name, description, vpcId: config.vpcId, tags: { Name: name } }).id;
  }
}
