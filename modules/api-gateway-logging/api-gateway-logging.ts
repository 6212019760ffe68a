import { ApiGatewayAccount } from "@cdktf/provider-aws/lib/api-gateway-account";
import { Construct } from "constructs";
import { Role } from "../internal/iam";
import type { Label } from "../internal/label";

/** API Gateway's right to write logs in the label's account and region. */
export interface ApiGatewayLoggingConfig {
  /** Names of the environment that owns the setting. */
  readonly label: Label;
}

/** Role by which API Gateway writes logs, and the account's setting that names it. */
export class ApiGatewayLogging extends Construct {
  /** ARN of the role. */
  readonly roleArn: string;

  constructor(scope: Construct, id: string, config: ApiGatewayLoggingConfig) {
    super(scope, id);
    const { label } = config;
    const role = new Role(this, "role", {
      name: label.name(`api-gateway-logs-${label.region}`),
      trust: [{ principals: { Service: "apigateway.amazonaws.com" } }],
      statements: [
        {
          // The actions of the managed policy AmazonAPIGatewayPushToCloudWatchLogs: API Gateway checks for them when the role
          // is set. It makes and names its execution log groups itself, so they cannot be listed here.
          sid: "WriteApiLogs",
          actions: [
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:DescribeLogGroups",
            "logs:DescribeLogStreams",
            "logs:PutLogEvents",
            "logs:GetLogEvents",
            "logs:FilterLogEvents",
          ],
          resources: [`arn:aws:logs:${label.region}:${label.accountId}:*`],
        },
      ],
    });
    new ApiGatewayAccount(this, "account", { cloudwatchRoleArn: role.arn, dependsOn: [role.policy] });
    this.roleArn = role.arn;
  }
}
