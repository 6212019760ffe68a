import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CloudwatchLogResourcePolicy } from "@cdktf/provider-aws/lib/cloudwatch-log-resource-policy";
import { Wafv2WebAclLoggingConfiguration } from "@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { policyDocument } from "../internal/iam";
import type { Label } from "../internal/label";

/** What the log of one web ACL needs. */
export interface WebAclLoggingConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name of the web ACL. */
  readonly name: string;
  /** ARN of the web ACL. */
  readonly webAclArn: string;
  /** Headers that are left out, besides `authorization` and `cookie`. */
  readonly redactedHeaders: readonly string[];
  /** Leaves query strings out: signed URLs hold their signature there. */
  readonly redactQuery: boolean;
  /** ARN of the KMS key. */
  readonly kmsKeyArn: string;
  /** Days that the log is kept. */
  readonly retentionDays: number;
  /** Provider of the label's region. @default the stack's own */
  readonly provider?: TerraformProvider;
}

/** Log of what a web ACL blocks or counts. What it lets pass is in the access log of what it protects. */
export class WebAclLogging extends Construct {
  constructor(scope: Construct, id: string, config: WebAclLoggingConfig) {
    super(scope, id);
    const { label } = config;
    const provider = config.provider && { provider: config.provider };
    const group = new CloudwatchLogGroup(this, "group", {
      // WAF refuses any other beginning.
      name: `aws-waf-logs-${label.name(config.name, 400)}`,
      retentionInDays: config.retentionDays,
      kmsKeyId: config.kmsKeyArn,
      ...provider,
    });
    // WAF would otherwise write one policy of its own for all web ACLs of the account, which grows until it is refused.
    const policy = new CloudwatchLogResourcePolicy(this, "policy", {
      policyName: label.name(`${config.name}-waf-logs`, 255),
      policyDocument: policyDocument([
        {
          sid: "DeliverWafLogs",
          principals: { Service: "delivery.logs.amazonaws.com" },
          actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
          resources: [`${group.arn}:*`],
          conditions: {
            StringEquals: { "aws:SourceAccount": label.accountId },
            ArnLike: { "aws:SourceArn": `arn:aws:logs:${label.region}:${label.accountId}:*` },
          },
        },
      ]),
      ...provider,
    });
    new Wafv2WebAclLoggingConfiguration(this, "configuration", {
      resourceArn: config.webAclArn,
      logDestinationConfigs: [group.arn],
      redactedFields: [
        ...["authorization", "cookie", ...config.redactedHeaders].map((name) => ({ singleHeader: { name } })),
        ...(config.redactQuery ? [{ queryString: {} }] : []),
      ],
      loggingFilter: {
        defaultBehavior: "DROP",
        filter: [
          {
            behavior: "KEEP",
            requirement: "MEETS_ANY",
            condition: ["BLOCK", "COUNT", "EXCLUDED_AS_COUNT"].map((action) => ({
              actionCondition: { action },
            })),
          },
        ],
      },
      dependsOn: [policy],
      ...provider,
    });
  }
}
