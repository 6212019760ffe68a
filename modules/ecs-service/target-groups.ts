import type { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { Construct } from "constructs";
import { ListenerRule, type ListenerTarget } from "../internal/listener-rule";
import type { EcsServiceConfig } from "./config";

/** The tasks of a service as one load balancer sees them. */
export interface ServiceTargetGroup {
  /** Short name of the load balancer. */
  readonly loadBalancerName: string;
  /** What CloudWatch knows the load balancer by. */
  readonly loadBalancerArnSuffix: string;
  /** Security group of the load balancer. */
  readonly loadBalancerSecurityGroupId: string;
  /** ARN of the target group. */
  readonly arn: string;
  /** What CloudWatch knows it by. */
  readonly arnSuffix: string;
}

/** A target group for each load balancer, and a rule for each place on it. */
export class TargetGroups extends Construct {
  /** One for each load balancer. */
  readonly groups: readonly ServiceTargetGroup[];
  /** Rules that send requests to them, to depend on. */
  readonly rules: readonly LbListenerRule[];

  constructor(scope: Construct, id: string, name: string, config: EcsServiceConfig) {
    super(scope, id);
    const groups: ServiceTargetGroup[] = [];
    const rules: LbListenerRule[] = [];
    for (const target of config.targets ?? []) {
      let group = groups.find(({ loadBalancerName }) => loadBalancerName === target.loadBalancerName);
      if (group === undefined) {
        group = this.addGroup(name, target, config);
        groups.push(group);
      }
      rules.push(this.addRule(name, target, group.arn, config));
    }
    this.groups = groups;
    this.rules = rules;
  }

  private addGroup(name: string, target: ListenerTarget, config: EcsServiceConfig): ServiceTargetGroup {
    const { artifact, label, protocolVersion = "HTTP1" } = config;
    const { loadBalancerName } = target;
    // Another port or protocol is another group: its name tells both, so that it can be made before the old one goes.
    const thing = `${name}-${loadBalancerName}-${artifact.port}${protocolVersion === "HTTP1" ? "" : `-${protocolVersion}`}`;
    const group = new LbTargetGroup(this, loadBalancerName, {
      name: label.name(thing, 32),
      vpcId: config.vpcId,
      targetType: "ip",
      port: artifact.port,
      protocol: "HTTP",
      ...(protocolVersion !== "HTTP1" && { protocolVersion }),
      deregistrationDelay: String(config.deregistrationDelaySeconds ?? 30),
      slowStart: config.slowStartSeconds ?? 0,
      // Any task can answer any request.
      stickiness: { enabled: false, type: "lb_cookie" },
      healthCheck: {
        path: config.healthCheckPath ?? "/health/ready",
        matcher: protocolVersion === "GRPC" ? "0" : "200",
        interval: 10,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      },
      lifecycle: { createBeforeDestroy: true },
    });
    return {
      loadBalancerName,
      loadBalancerArnSuffix: target.loadBalancerArnSuffix,
      loadBalancerSecurityGroupId: target.loadBalancerSecurityGroupId,
      arn: group.arn,
      arnSuffix: group.arnSuffix,
    };
  }

  private addRule(
    name: string,
    { priority, listenerArn, loadBalancerName, ...match }: ListenerTarget,
    targetGroupArn: string,
    { label }: EcsServiceConfig,
  ): LbListenerRule {
    return new ListenerRule(this, `${loadBalancerName}-${priority}`, {
      ...match,
      name: label.name(name, 255),
      listenerArn,
      priority,
      targetGroupArn,
    }).rule;
  }
}
