import { createHash } from "node:crypto";
import { ApiGatewayDeployment } from "@cdktf/provider-aws/lib/api-gateway-deployment";
import { ApiGatewayMethodSettings } from "@cdktf/provider-aws/lib/api-gateway-method-settings";
import { ApiGatewayStage } from "@cdktf/provider-aws/lib/api-gateway-stage";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Contract } from "./contract";
import { gatewayModel } from "./gateway-model";

/** Raised by hand when routes.ts or gateway-responses.ts makes something else of the same contract. */
const GENERATION = 1;

/** What a stage needs; see RestApiConfig. */
export interface StageConfig {
  readonly contract: Contract;
  /** Name of the REST API. */
  readonly name: string;
  readonly restApiId: string;
  readonly throttleRatePerSecond: number;
  readonly throttleBurst: number;
  readonly corsOrigin?: string;
  readonly cacheSizeGigabytes?: number;
  readonly cacheTtlSeconds?: number;
  readonly webAclArn?: string;
  readonly kmsKeyArn: string;
  readonly logRetentionDays: number;
  /** Everything that the deployment is a copy of. */
  readonly dependsOn: ITerraformDependable[];
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
      triggers: { model: modelHash(config) },
      dependsOn: config.dependsOn,
      // The stage must point at the new deployment before the old one may go.
      lifecycle: { createBeforeDestroy: true },
    });
    const logs = new CloudwatchLogGroup(this, "access-logs", {
      name: `/aws/apigateway/${config.name}`,
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
    const common = {
      throttlingRateLimit: config.throttleRatePerSecond,
      throttlingBurstLimit: config.throttleBurst,
      metricsEnabled: true,
      loggingLevel: "ERROR",
      // Would write bodies and headers, so tokens and personal data, to the log.
      dataTraceEnabled: false,
    };
    const all = new ApiGatewayMethodSettings(this, "all-methods", {
      restApiId: config.restApiId,
      stageName: stage.stageName,
      methodPath: "*/*",
      settings: { ...common, cachingEnabled: false },
    });
    if (config.cacheSizeGigabytes === undefined) return;
    for (const operation of config.contract.operations.filter(({ cacheable }) => cacheable)) {
      new ApiGatewayMethodSettings(this, `cache-${operation.id}`, {
        restApiId: config.restApiId,
        stageName: stage.stageName,
        methodPath: `${operation.path.slice(1)}/${operation.method}`,
        settings: {
          ...common,
          cachingEnabled: true,
          cacheTtlInSeconds: config.cacheTtlSeconds ?? 30,
          cacheDataEncrypted: true,
          // `Cache-Control: max-age=0` refreshes the caller's own entry, so that clients can read their own writes.
          requireAuthorizationForCacheControl: false,
          unauthorizedCacheControlHeaderStrategy: "SUCCEED_WITHOUT_RESPONSE_HEADER",
        },
        dependsOn: [all],
      });
    }
  }
}

/** No personal data: neither the caller's address nor any claim but the subject's hash-like id. */
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

/** Changes exactly when what the deployment is a copy of changes: operations, models, preflights, responses. */
function modelHash({ contract, corsOrigin }: StageConfig): string {
  const model = {
    generation: GENERATION,
    corsOrigin: corsOrigin ?? null,
    operations: contract.operations.map(({ bodySchema, ...operation }) => ({
      ...operation,
      model: bodySchema ? gatewayModel(bodySchema, operation.id) : null,
    })),
  };
  return createHash("sha256").update(JSON.stringify(model)).digest("hex");
}
