import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CloudwatchLogResourcePolicy } from "@cdktf/provider-aws/lib/cloudwatch-log-resource-policy";
import { Route53QueryLog } from "@cdktf/provider-aws/lib/route53-query-log";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { policyDocument } from "../internal/iam";
import type { Label } from "../internal/label";

/** What the query log of one zone needs. */
export interface QueryLogConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Domain of the zone. */
  readonly domainName: string;
  /** Id of the zone. */
  readonly zoneId: string;
  /** ARN of the zone. */
  readonly zoneArn: string;
  /** Days that the log is kept. */
  readonly retentionDays: number;
  /** ARN of the KMS key in us-east-1. */
  readonly kmsKeyArn: string;
  /** Provider of us-east-1. @default the stack's own */
  readonly provider?: TerraformProvider;
}

/**
 * Log of the questions that a public zone is asked, in us-east-1, where Route 53 writes it.
 *
 * Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/query-logs.html
 */
export class QueryLog extends Construct {
  constructor(scope: Construct, id: string, { label, domainName, ...config }: QueryLogConfig) {
    super(scope, id);
    const provider = config.provider && { provider: config.provider };
    const group = new CloudwatchLogGroup(this, "group", {
      name: `/aws/route53/${label.name(domainName, 490)}`,
      retentionInDays: config.retentionDays,
      kmsKeyId: config.kmsKeyArn,
      ...provider,
    });
    const policy = new CloudwatchLogResourcePolicy(this, "policy", {
      policyName: label.name(`${domainName}-query-log`, 255),
      policyDocument: policyDocument([
        {
          sid: "WriteQueryLog",
          principals: { Service: "route53.amazonaws.com" },
          actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
          resources: [`${group.arn}:*`],
          conditions: {
            StringEquals: { "aws:SourceAccount": label.accountId },
            ArnLike: { "aws:SourceArn": config.zoneArn },
          },
        },
      ]),
      ...provider,
    });
    new Route53QueryLog(this, "query-log", {
      zoneId: config.zoneId,
      cloudwatchLogGroupArn: group.arn,
      dependsOn: [policy],
    });
  }
}
