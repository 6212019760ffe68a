import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { Construct } from "constructs";
import { type RequestMatch, ruleConditions } from "./request-match";

/** A rule that forwards requests. */
export interface ListenerRuleConfig extends RequestMatch {
  /** What errors and the console call the rule. */
  readonly name: string;
  /** ARN of the listener. */
  readonly listenerArn: string;
  /** Place among the listener's rules, 1 to 50000: the lowest that matches decides. */
  readonly priority: number;
  /** Where matching requests go. */
  readonly targetGroupArn: string;
}

/**
 * Rule of a listener that forwards what it matches to one target group.
 *
 * @throws Error naming the rule and the field that says nothing, or more than a load balancer takes
 */
export class ListenerRule extends Construct {
  /** The rule, to depend on: a target group belongs to a load balancer only with it, and ECS asks for that. */
  readonly rule: LbListenerRule;

  constructor(scope: Construct, id: string, config: ListenerRuleConfig) {
    super(scope, id);
    this.rule = new LbListenerRule(this, "rule", {
      listenerArn: config.listenerArn,
      priority: config.priority,
      condition: ruleConditions(config.name, config),
      action: [{ type: "forward", targetGroupArn: config.targetGroupArn }],
      tags: { Name: config.name },
    });
  }
}
