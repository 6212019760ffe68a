import { Construct } from "constructs";
import type { FunctionArtifact } from "../internal/function-bundle";
import type { PolicyStatement } from "../internal/iam";
import type { Label } from "../internal/label";
import { LambdaFunction, type TrafficShift } from "../internal/lambda-function";
import { type Contract, deprecationHeaders, RestApi, type Throttle } from "../internal/rest-api";
import { addFallbackAlarm } from "./alarms";

/** One version of the to-do API. */
export interface TodoApiConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** The OpenAPI document, from `loadContract`. Its version names stage and function: another version is another instance. */
  readonly contract: Contract;
  /** Base URL of the version that its contract names as its successor. @default that is not served beside it */
  readonly successorUrl?: string;
  /** The function as built from `functions/todos`. */
  readonly artifact: FunctionArtifact;
  /** Bucket that holds the artifacts. */
  readonly artifactBucket: string;
  /** Name of the table: `TodoTable.tableName`. */
  readonly tableName: string;
  /** What the function may do with the table: `TodoTable.grantReadWrite()`. */
  readonly tableStatements: readonly PolicyStatement[];
  /** User pool whose ID tokens every operation asks for. */
  readonly userPoolArn: string;
  /** Requests per second of each operation, all callers together, on average. */
  readonly throttleRatePerSecond: number;
  /** Requests of each operation that may come at once above that rate. */
  readonly throttleBurst: number;
  /** Operations with limits of their own, by `operationId`. @default none: the same limits for each */
  readonly operationThrottles?: Readonly<Record<string, Throttle>>;
  /** Most invocations of the function at once. */
  readonly reservedConcurrency: number;
  /** How new versions of the function take over, see `LambdaFunctionConfig`. @default all calls at once */
  readonly trafficShift?: TrafficShift;
  /** The origin whose pages may call the API, e.g. `https://app.example.com`. @default none: native clients alone */
  readonly corsOrigin?: string;
  /** Size in GB of the stage cache: 0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118, 237. @default no cache */
  readonly cacheSizeGigabytes?: number;
  /** Seconds that a cached answer lives, an error too: 1 to 60. @default 30 */
  readonly cacheTtlSeconds?: number;
  /** ARN of the web ACL before the stage. @default none */
  readonly webAclArn?: string;
  /** `ApiDomain.domainName`; the versions of an API share one domain. @default API Gateway's own */
  readonly domainName?: string;
  /** Endpoint of the DAX cluster, `DaxCluster.endpoint`. The function then runs in the VPC. @default reads go to the table */
  readonly daxEndpoint?: string;
  /** What the function may do with the cluster: `DaxCluster.grantRead()`. Required with `daxEndpoint`. */
  readonly daxStatements?: readonly PolicyStatement[];
  /** Subnets from which the cluster and DynamoDB are reached. Required with `daxEndpoint`, and only with it. */
  readonly vpcSubnetIds?: readonly string[];
  /** Security groups that may reach the cluster. Required with `daxEndpoint`, and only with it. */
  readonly vpcSecurityGroupIds?: readonly string[];
  /** ARN of the KMS key for the function's environment and artifact. */
  readonly kmsKeyArn: string;
  /** ARN of the KMS key for logs; its policy must let CloudWatch Logs use it. @default kmsKeyArn */
  readonly logKmsKeyArn?: string;
  /** Days that logs are kept. */
  readonly logRetentionDays: number;
  /** SNS topic of the alarms. */
  readonly alarmTopicArn: string;
}

/**
 * REST API of the to-dos, served by a function of its own.
 *
 * @throws Error naming the field that is missing beside `daxEndpoint`, or set without it
 */
export class TodoApi extends Construct {
  /** Base URL, without a slash at the end. */
  readonly url: string;
  /** Id of the REST API. */
  readonly restApiId: string;
  /** ARN of the stage. */
  readonly stageArn: string;
  /** Name of the function. */
  readonly functionName: string;

  constructor(scope: Construct, id: string, config: TodoApiConfig) {
    super(scope, id);
    const { artifact, contract, label } = config;
    const vpc = vpcOf(config);
    const name = `${contract.name}-${contract.version}`;
    const headers = contract.deprecation && deprecationHeaders(contract.deprecation, config.successorUrl);
    const common = {
      label,
      logRetentionDays: config.logRetentionDays,
      alarmTopicArn: config.alarmTopicArn,
    };
    const lambda = new LambdaFunction(this, "function", {
      ...common,
      artifact,
      name,
      artifactBucket: config.artifactBucket,
      environment: {
        TODOS_TABLE: config.tableName,
        API_VERSION: contract.version,
        ...(headers && { DEPRECATION_HEADERS: JSON.stringify(headers) }),
        POWERTOOLS_SERVICE_NAME: name,
        POWERTOOLS_METRICS_NAMESPACE: label.prefix,
        ...(config.daxEndpoint !== undefined && { DAX_ENDPOINT: config.daxEndpoint }),
        ...(config.corsOrigin !== undefined && { CORS_ORIGIN: config.corsOrigin }),
      },
      statements: [...config.tableStatements, ...(config.daxStatements ?? [])],
      kmsKeyArn: config.kmsKeyArn,
      ...(config.logKmsKeyArn !== undefined && { logKmsKeyArn: config.logKmsKeyArn }),
      reservedConcurrency: config.reservedConcurrency,
      ...(config.trafficShift && { trafficShift: config.trafficShift }),
      ...(vpc && { vpc }),
    });
    const api = new RestApi(this, "api", {
      ...common,
      contract,
      functions: { [artifact.name]: lambda },
      userPoolArn: config.userPoolArn,
      ...(headers && { headers }),
      throttleRatePerSecond: config.throttleRatePerSecond,
      throttleBurst: config.throttleBurst,
      kmsKeyArn: config.logKmsKeyArn ?? config.kmsKeyArn,
      ...(config.operationThrottles !== undefined && { operationThrottles: config.operationThrottles }),
      ...(config.corsOrigin !== undefined && { corsOrigin: config.corsOrigin }),
      ...(config.cacheSizeGigabytes !== undefined && { cacheSizeGigabytes: config.cacheSizeGigabytes }),
      ...(config.cacheTtlSeconds !== undefined && { cacheTtlSeconds: config.cacheTtlSeconds }),
      ...(config.webAclArn !== undefined && { webAclArn: config.webAclArn }),
      ...(config.domainName !== undefined && { domainName: config.domainName }),
    });
    if (config.daxEndpoint !== undefined) {
      addFallbackAlarm(this, {
        label,
        namespace: label.prefix,
        service: name,
        topicArn: config.alarmTopicArn,
      });
    }
    this.url = api.url;
    this.restApiId = api.restApiId;
    this.stageArn = api.stageArn;
    this.functionName = lambda.functionName;
  }
}

/** The function is in a VPC only where DAX needs it: there, it has no way out but what the VPC gives it. */
function vpcOf(config: TodoApiConfig) {
  const withDax = ["daxStatements", "vpcSubnetIds", "vpcSecurityGroupIds"] as const;
  for (const field of withDax) {
    const given = (config[field]?.length ?? 0) > 0;
    if (config.daxEndpoint !== undefined && !given) {
      throw new Error(`${field} must be set with daxEndpoint, got ${JSON.stringify(config[field])}`);
    }
    if (config.daxEndpoint === undefined && given) {
      throw new Error(`${field} is for DAX alone; set daxEndpoint, or remove it`);
    }
  }
  if (config.daxEndpoint === undefined) return undefined;
  return { subnetIds: config.vpcSubnetIds ?? [], securityGroupIds: config.vpcSecurityGroupIds ?? [] };
}
