import type { Wafv2WebAclRule } from "@cdktf/provider-aws/lib/wafv2-web-acl";

/** What the rules of one web ACL need. */
export interface RulesConfig {
  /** Requests of one address in five minutes; more are blocked until the rate falls. */
  readonly requestsPerFiveMinutesPerIp: number;
  /** ARN of the addresses that are not limited. @default all are */
  readonly unlimitedIpSetArn?: string;
  /** Rules of the common rule set that count what they find and let it pass. */
  readonly countedCommonRules: readonly string[];
}

/** The rules in the order in which a request meets them: the cheapest refusal first. */
export function webAclRules(config: RulesConfig): Wafv2WebAclRule[] {
  const rules: Omit<Wafv2WebAclRule, "priority" | "visibilityConfig">[] = [
    {
      name: "rate-limit",
      action: { block: {} },
      statement: {
        rate_based_statement: {
          limit: config.requestsPerFiveMinutesPerIp,
          evaluation_window_sec: 300,
          aggregate_key_type: "IP",
          ...(config.unlimitedIpSetArn !== undefined && {
            scope_down_statement: {
              not_statement: {
                statement: [{ ip_set_reference_statement: { arn: config.unlimitedIpSetArn } }],
              },
            },
          }),
        },
      },
    },
    managedRules("ip-reputation", "AWSManagedRulesAmazonIpReputationList"),
    managedRules("known-bad-inputs", "AWSManagedRulesKnownBadInputsRuleSet"),
    managedRules("common", "AWSManagedRulesCommonRuleSet", config.countedCommonRules),
  ];
  return rules.map((rule, priority) => ({
    ...rule,
    priority,
    visibilityConfig: visibility(rule.name),
  }));
}

/**
 * Metrics of a web ACL or a rule. No samples: they show whole requests, tokens included, to whoever may look at the console.
 *
 * @param metricName letters, digits, hyphens and underscores
 */
export function visibility(metricName: string): Wafv2WebAclRule["visibilityConfig"] {
  return { metricName, cloudwatchMetricsEnabled: true, sampledRequestsEnabled: false };
}

/** One rule set kept by AWS: https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html */
function managedRules(name: string, ruleSet: string, counted: readonly string[] = []) {
  return {
    name,
    overrideAction: { none: {} },
    // The provider's type says `any` and takes Terraform's own names.
    statement: {
      managed_rule_group_statement: {
        vendor_name: "AWS",
        name: ruleSet,
        ...(counted.length > 0 && {
          rule_action_override: counted.map((rule) => ({ name: rule, action_to_use: { count: {} } })),
        }),
      },
    },
  };
}
