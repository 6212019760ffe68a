import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Construct } from "constructs";
import { allowHttps, allowTraffic } from "../internal/security-groups";
import type { EcsServiceConfig } from "./config";
import type { ServiceTargetGroup } from "./target-groups";

/** Group of a service's tasks: its load balancers reach its port, and it reaches HTTPS where configured. */
export class ServiceSecurityGroup extends Construct {
  /** Id of the group. */
  readonly groupId: string;

  private readonly port: number;

  constructor(
    scope: Construct,
    id: string,
    private readonly serviceName: string,
    config: EcsServiceConfig,
    targetGroups: readonly ServiceTargetGroup[],
  ) {
    super(scope, id);
    const name = config.label.name(`${serviceName}-tasks`, 255);
    this.port = config.artifact.port;
    this.groupId = new SecurityGroup(this, "tasks", {
      name,
      description: `Tasks of ${serviceName}`,
      vpcId: config.vpcId,
      tags: { Name: name },
    }).id;
    for (const { loadBalancerName, loadBalancerSecurityGroupId } of targetGroups) {
      this.allowFrom(
        `load-balancer-${loadBalancerName}`,
        loadBalancerSecurityGroupId,
        `Load balancer ${loadBalancerName} to ${serviceName}`,
      );
    }
    allowHttps(this, {
      groupId: this.groupId,
      cidrs: config.httpsCidrs,
      ...(config.httpsPrefixListIds !== undefined && { prefixListIds: config.httpsPrefixListIds }),
      description: "HTTPS",
    });
  }

  /** Lets tasks connect to a port of another group's members. */
  allowTo(id: string, toGroupId: string, port: number, description: string): void {
    allowTraffic(this, id, {
      fromGroupId: this.groupId,
      toGroupId,
      port,
      description: `${this.serviceName} to ${description}`,
    });
  }

  /** Lets another group's members connect to the tasks' port. */
  allowFrom(id: string, fromGroupId: string, description: string): void {
    allowTraffic(this, id, { fromGroupId, toGroupId: this.groupId, port: this.port, description });
  }
}
