import { createHash } from "node:crypto";
import { ApiGatewayDeployment } from "@cdktf/provider-aws/lib/api-gateway-deployment";
import { ApiGatewayMethodSettings } from "@cdktf/provider-aws/lib/api-gateway-method-settings";
import { ApiGatewayStage } from "@cdktf/provider-aws/lib/api-gateway-stage";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association";
import { DefaultTokenResolver, StringConcat, type TerraformResource, Tokenization } from "cdktf";
import { Construct } from "constructs";
import type { Contract, Operation } from "./contract";

/** Limits of one operation, all callers together. */
export interface Throttle {
  /** Requests per second, on average. */
  readonly ratePerSecond: number;
  /** Requests that may come at once above that rate. */
  readonly burst: number;
}

/** What a stage needs; see RestApiConfig. */
export interface StageConfig {
  readonly contract: Contract;
  /** Name of the REST API. */
  readonly name: string;
  readonly restApiId: string;
  readonly throttleRatePerSecond: number;
  readonly throttleBurst: number;
  readonly operationThrottles?: Readonly<Record<string, Throttle>>;
  readonly cacheSizeGigabytes?: number;
  readonly cacheTtlSeconds?: number;
  readonly webAclArn?: string;
  readonly kmsKeyArn: string;
  readonly logRetentionDays: number;
  /** Everything that the deployment is a copy of. */
  readonly copies: readonly TerraformResource[];
  /** What those refer to by name, so that another value alone makes a new deployment too. */
  readonly values: Readonly<Record<string, string>>;
}

/** Deployment and stage of a REST API, named as the contract's version. */
export class Stage extends Construct {
  /** Base URL, without a slash at the end. */
  readonly url: string;
  /** ARN of the stage. */
  readonly arn: string;
  /** Name of the stage. */
  readonly stageName: string;

  constructor(scope: Construct, id: string, config: StageConfig) {
    super(scope, id);
    const { contract, restApiId } = config;
    const deployment = new ApiGatewayDeployment(this, "deployment", {
      restApiId,
      triggers: { definition: definitionHash(this, config.copies), ...config.values },
      dependsOn: [...config.copies],
      // The stage must point at the new deployment before the old one may go.
      lifecycle: { createBeforeDestroy: true },
    });
    const logs = new CloudwatchLogGroup(this, "access-logs", {
      name: `/aws/apigateway/${config.name}`,
      retentionInDays: config.logRetentionDays,
      kmsKeyId: config.kmsKeyArn,
    });
    // The gateway makes this group at its first error, never expiring and with no key of ours, unless it is there.
    const executionLogs = new CloudwatchLogGroup(this, "execution-logs", {
      name: `API-Gateway-Execution-Logs_${restApiId}/${contract.version}`,
      retentionInDays: config.logRetentionDays,
      kmsKeyId: config.kmsKeyArn,
    });
    const cached = config.cacheSizeGigabytes !== undefined;
    const stage = new ApiGatewayStage(this, "stage", {
      restApiId,
      stageName: contract.version,
      deploymentId: deployment.id,
      xrayTracingEnabled: true,
      cacheClusterEnabled: cached,
      ...(cached && { cacheClusterSize: String(config.cacheSizeGigabytes) }),
      accessLogSettings: { destinationArn: logs.arn, format: JSON.stringify(ACCESS_LOG_FORMAT) },
      dependsOn: [executionLogs],
    });
    this.addMethodSettings(stage, config);
    if (config.webAclArn !== undefined) {
      new Wafv2WebAclAssociation(this, "web-acl", { resourceArn: stage.arn, webAclArn: config.webAclArn });
    }
    this.url = stage.invokeUrl;
    this.arn = stage.arn;
    this.stageName = stage.stageName;
  }

  private addMethodSettings(stage: ApiGatewayStage, config: StageConfig): void {
    const at = { restApiId: config.restApiId, stageName: stage.stageName };
    const common = {
      metricsEnabled: true,
      loggingLevel: "ERROR",
      // Would write bodies and headers, so tokens and personal data, to the log.
      dataTraceEnabled: false,
      cacheDataEncrypted: true,
    };
    const limits = { ratePerSecond: config.throttleRatePerSecond, burst: config.throttleBurst };
    const all = new ApiGatewayMethodSettings(this, "all-methods", {
      ...at,
      methodPath: "*/*",
      settings: { ...common, ...throttling(limits), cachingEnabled: false },
    });
    for (const operation of config.contract.operations) {
      const cached = operation.cacheable && config.cacheSizeGigabytes !== undefined;
      const own = config.operationThrottles?.[operation.id];
      if (!cached && own === undefined) continue;
      new ApiGatewayMethodSettings(this, `method-${operation.id}`, {
        ...at,
        methodPath: methodPath(operation),
        settings: {
          ...common,
          ...throttling(own ?? limits),
          cachingEnabled: cached,
          ...(cached && {
            cacheTtlInSeconds: config.cacheTtlSeconds ?? 30,
            // `Cache-Control: max-age=0` refreshes the caller's own entry, so that clients can read their own writes.
            requireAuthorizationForCacheControl: false,
            unauthorizedCacheControlHeaderStrategy: "SUCCEED_WITHOUT_RESPONSE_HEADER",
          }),
        },
        dependsOn: [all],
      });
    }
  }
}

function throttling({ ratePerSecond, burst }: Throttle) {
  return { throttlingRateLimit: ratePerSecond, throttlingBurstLimit: burst };
}

/**
 * Every slash of the resource's path is `~1`, the first as well. The provider hands the path on as it is, and looks for it word by
 * word among what API Gateway answers, which is this form; with plain slashes, it finds nothing or changes a method that is not there.
 *
 * Sources: https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateStage.html,
 * https://github.com/hashicorp/terraform-provider-aws/issues/9738 and 37959
 */
function methodPath({ path, method }: Operation): string {
  const resourcePath = path.replace(/\/+$/, "") || "/";
  return `${resourcePath.replaceAll("/", "~1")}/${method}`;
}

/** No personal data: neither the caller's address nor a claim of the token. */
const ACCESS_LOG_FORMAT = {
  requestId: "$context.requestId",
  extendedRequestId: "$context.extendedRequestId",
  requestTime: "$context.requestTimeEpoch",
  method: "$context.httpMethod",
  route: "$context.resourcePath",
  status: "$context.status",
  responseBytes: "$context.responseLength",
  responseMilliseconds: "$context.responseLatency",
  integrationMilliseconds: "$context.integrationLatency",
  integrationStatus: "$context.integrationStatus",
  error: "$context.error.responseType",
  authorizerError: "$context.authorizer.error",
  wafStatus: "$context.waf.status",
  traceId: "$context.xrayTraceId",
};

/**
 * Changes exactly when what the deployment is a copy of changes: Terraform's own words for it, whatever made them.
 */
function definitionHash(scope: Construct, copies: readonly TerraformResource[]): string {
  const definitions = copies.map((copy) => {
    const {
      "//": _metadata,
      depends_on: _order,
      ...attributes
    } = Object.values<Record<string, unknown>>(
      copy.toTerraform().resource[copy.terraformResourceType],
    )[0] as Record<string, unknown>;
    return [copy.terraformResourceType, attributes];
  });
  const resolver = new DefaultTokenResolver(new StringConcat());
  const text = JSON.stringify(Tokenization.resolve(definitions, { scope, resolver }));
  return createHash("sha256").update(text).digest("hex");
}
