import { Wafv2IpSet } from "@cdktf/provider-aws/lib/wafv2-ip-set";
import { Wafv2WebAcl } from "@cdktf/provider-aws/lib/wafv2-web-acl";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { Alarm } from "../internal/alarm";
import type { Label } from "../internal/label";
import { WebAclLogging } from "./logging";
import { visibility, webAclRules } from "./rules";

/** A web application firewall. */
export interface WebAclConfig {
  /** Names of the environment. Its region must be us-east-1 for the scope CLOUDFRONT. */
  readonly label: Label;
  /** Short name of what is protected, e.g. `todo`. */
  readonly name: string;
  /** `REGIONAL` for APIs, load balancers and user pools of the region, `CLOUDFRONT` for distributions. */
  readonly scope: "REGIONAL" | "CLOUDFRONT";
  /** Requests of one address in five minutes, 10 to 2,000,000,000; more are blocked until the rate falls. */
  readonly requestsPerFiveMinutesPerIp: number;
  /**
   * IPv4 ranges whose requests are not limited: of callers of ours, all of whom come from the addresses of one NAT gateway, or from inside
   * the VPC. All other rules hold for them too. @default none
   */
  readonly unlimitedCidrs?: readonly string[];
  /**
   * Rules of AWSManagedRulesCommonRuleSet that only count: what they would block is right for what is protected.
   *
   * @default ["SizeRestrictions_BODY"]: it blocks bodies over 8 KiB, less than a to-do may have; contracts limit bodies
   */
  readonly countedCommonRules?: readonly string[];
  /** ARN of the KMS key for the log. Required with `logRetentionDays`. */
  readonly kmsKeyArn?: string;
  /** Days that the log of blocked requests is kept. @default no log */
  readonly logRetentionDays?: number;
  /** Headers, in lower case, that the log leaves out besides `authorization` and `cookie`: those that hold secrets. @default none */
  readonly redactedHeaders?: readonly string[];
  /** SNS topic of the alarm, in the label's region. */
  readonly alarmTopicArn: string;
  /** Provider of the label's region. @default the stack's own */
  readonly provider?: TerraformProvider;
}

/**
 * Web ACL with its rules, log and alarm. It lets pass what no rule blocks.
 *
 * @throws Error naming the field that is missing, out of range or at odds with another
 */
export class WebAcl extends Construct {
  /** ARN of the web ACL. */
  readonly arn: string;

  constructor(scope: Construct, id: string, config: WebAclConfig) {
    super(scope, id);
    checkConfig(config);
    const { label, name } = config;
    const aclName = label.name(name, 128);
    const provider = config.provider && { provider: config.provider };
    const unlimited =
      config.unlimitedCidrs &&
      new Wafv2IpSet(this, "unlimited", {
        name: label.name(`${name}-unlimited`, 128),
        description: `Callers of ${name} that are not limited by rate`,
        scope: config.scope,
        ipAddressVersion: "IPV4",
        addresses: [...config.unlimitedCidrs],
        ...provider,
      });
    const acl = new Wafv2WebAcl(this, "acl", {
      name: aclName,
      scope: config.scope,
      defaultAction: { allow: {} },
      rule: webAclRules({
        requestsPerFiveMinutesPerIp: config.requestsPerFiveMinutesPerIp,
        countedCommonRules: config.countedCommonRules ?? ["SizeRestrictions_BODY"],
        ...(unlimited && { unlimitedIpSetArn: unlimited.arn }),
      }),
      visibilityConfig: visibility(aclName),
      ...provider,
    });
    if (config.logRetentionDays !== undefined && config.kmsKeyArn !== undefined) {
      new WebAclLogging(this, "log", {
        label,
        name,
        webAclArn: acl.arn,
        redactedHeaders: config.redactedHeaders ?? [],
        redactQuery: config.scope === "CLOUDFRONT",
        kmsKeyArn: config.kmsKeyArn,
        retentionDays: config.logRetentionDays,
        ...provider,
      });
    }
    new Alarm(this, "blocked-alarm", {
      name: label.name(`${name}-waf-blocked`, 255),
      description:
        `The firewall of ${name} blocks more in five minutes than one address may send at all: an attack, or a rule ` +
        "that takes good requests for bad. Look at its log, field terminatingRuleId.",
      namespace: "AWS/WAFV2",
      metricName: "BlockedRequests",
      dimensions: {
        WebACL: aclName,
        Rule: "ALL",
        ...(config.scope === "REGIONAL" && { Region: label.region }),
      },
      statistic: "Sum",
      threshold: config.requestsPerFiveMinutesPerIp,
      periodSeconds: 300,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      topicArn: config.alarmTopicArn,
      ...provider,
    });
    this.arn = acl.arn;
  }
}

function checkConfig({ label, scope, kmsKeyArn, logRetentionDays, ...config }: WebAclConfig): void {
  const limit = config.requestsPerFiveMinutesPerIp;
  if (!Number.isInteger(limit) || limit < 10 || limit > 2_000_000_000) {
    throw new Error(`requestsPerFiveMinutesPerIp must be a whole number from 10 to 2000000000, got ${limit}`);
  }
  if (scope === "CLOUDFRONT" && label.region !== "us-east-1") {
    // https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html
    throw new Error(`scope CLOUDFRONT needs a label of the region us-east-1, got ${label.region}`);
  }
  if (logRetentionDays !== undefined && kmsKeyArn === undefined) {
    throw new Error(`kmsKeyArn must be set with logRetentionDays ${logRetentionDays}, got undefined`);
  }
}
