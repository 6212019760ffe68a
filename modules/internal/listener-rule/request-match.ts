import type { LbListenerRuleCondition } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { Token } from "cdktf";

/** Comparison strings of one condition, and of one rule: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html */
const MOST_VALUES = { condition: 3, rule: 5 };

/** Which requests are meant: those that match each of the fields given. */
export interface RequestMatch {
  /** Patterns of the path, e.g. `/v1/orders*`; one of them matches. `*` stands for any characters, `?` for one. @default any */
  readonly pathPatterns?: readonly string[];
  /** Patterns of the header `Host`, e.g. `orders.example.com`; one of them matches. @default any */
  readonly hostHeaders?: readonly string[];
  /** Values of further headers, by the header's name; of each, one matches. May be references to a secret. @default any */
  readonly headers?: Readonly<Record<string, readonly string[]>>;
}

/** A place on the listener of a load balancer, for one service. */
export interface ListenerTarget extends RequestMatch {
  /** Short name of the load balancer. Places on one load balancer have it in common. */
  readonly loadBalancerName: string;
  /** What CloudWatch and auto scaling know the load balancer by. */
  readonly loadBalancerArnSuffix: string;
  /** ARN of the listener. */
  readonly listenerArn: string;
  /** Security group of the load balancer: what a service must let in. */
  readonly loadBalancerSecurityGroupId: string;
  /** Place among the listener's rules, 1 to 50000: the lowest that matches decides. */
  readonly priority: number;
}

/**
 * Renders what a rule matches.
 *
 * @param rule what the error calls the rule
 * @throws Error naming the rule and the field that says nothing, or more than a load balancer takes
 */
export function ruleConditions(rule: string, match: RequestMatch): LbListenerRuleCondition[] {
  const { pathPatterns, hostHeaders, headers = {} } = match;
  const conditions = [
    ...(pathPatterns ? [{ field: "pathPatterns", values: pathPatterns }] : []),
    ...(hostHeaders ? [{ field: "hostHeaders", values: hostHeaders }] : []),
    ...Object.entries(headers).map(([name, values]) => ({ field: `headers["${name}"]`, values })),
  ];
  if (conditions.length === 0) {
    throw new Error(`${rule}: one of pathPatterns, hostHeaders and headers must be set, got none`);
  }
  for (const { field, values } of conditions) {
    if (values.length === 0 || values.length > MOST_VALUES.condition) {
      throw new Error(
        `${rule}: ${field} must hold 1 to ${MOST_VALUES.condition} values, got ${values.length}`,
      );
    }
  }
  const total = conditions.reduce((sum, { values }) => sum + values.length, 0);
  if (total > MOST_VALUES.rule) {
    throw new Error(
      `${rule}: all conditions together must hold at most ${MOST_VALUES.rule} values, got ${total}`,
    );
  }
  for (const pattern of pathPatterns ?? []) {
    if (Token.isUnresolved(pattern) || /^[/*]/.test(pattern)) continue;
    throw new Error(`${rule}: pathPatterns must begin with a slash, got "${pattern}"`);
  }
  return [
    ...(pathPatterns ? [{ pathPattern: { values: [...pathPatterns] } }] : []),
    ...(hostHeaders ? [{ hostHeader: { values: [...hostHeaders] } }] : []),
    ...Object.entries(headers).map(([httpHeaderName, values]) => ({
      httpHeader: { httpHeaderName, values: [...values] },
    })),
  ];
}
