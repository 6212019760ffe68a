import { ApiGatewayAuthorizer } from "@cdktf/provider-aws/lib/api-gateway-authorizer";
import { ApiGatewayBasePathMapping } from "@cdktf/provider-aws/lib/api-gateway-base-path-mapping";
import { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api";
import { Construct } from "constructs";
import type { PolicyStatement } from "../iam";
import type { Label } from "../label";
import type { LambdaFunction } from "../lambda-function";
import { addApiAlarms } from "./alarms";
import type { Contract } from "./contract";
import { addGatewayResponses } from "./gateway-responses";
import { addRoutes } from "./routes";
import { Stage, type Throttle } from "./stage";

/** A REST API protected by a Cognito user pool and, where its contract says so, by IAM. */
export interface RestApiConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** The OpenAPI document. Its name and version name the API and the stage. */
  readonly contract: Contract;
  /** Functions by package name, one for each `x-function` of the contract. */
  readonly functions: Readonly<Record<string, LambdaFunction>>;
  /** User pool whose ID tokens the operations of users ask for. */
  readonly userPoolArn: string;
  /** Requests per second of each operation, all callers together, on average. */
  readonly throttleRatePerSecond: number;
  /** Requests of each operation that may come at once above that rate. */
  readonly throttleBurst: number;
  /** Operations with limits of their own, by `operationId`. @default none: the same limits for each */
  readonly operationThrottles?: Readonly<Record<string, Throttle>>;
  /** The origin whose pages may call the API, e.g. `https://app.example.com`. @default none: native clients alone */
  readonly corsOrigin?: string;
  /** Headers of the answers that are the gateway's own: of errors, and of preflights. @default none but those that all APIs have */
  readonly headers?: Readonly<Record<string, string>>;
  /** Size in GB of the stage cache for operations marked `x-cache`: 0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118, 237. @default no cache */
  readonly cacheSizeGigabytes?: number;
  /** Seconds that a cached answer lives, an error too: 1 to 60. @default 30 */
  readonly cacheTtlSeconds?: number;
  /** ARN of the web ACL before the stage. @default none */
  readonly webAclArn?: string;
  /** `domainName` of an ApiDomain; the API's default endpoint is then switched off. @default none */
  readonly domainName?: string;
  /** Milliseconds that the slowest hundredth of requests may take before the alarm. @default 2000 */
  readonly p99AlarmMilliseconds?: number;
  /** ARN of the KMS key for the access logs. */
  readonly kmsKeyArn: string;
  /** Days that access logs are kept. */
  readonly logRetentionDays: number;
  /** SNS topic of the alarms. */
  readonly alarmTopicArn: string;
}

/**
 * REST API of one contract.
 *
 * The stage cache may keep whatever a function answers, an error as well as a success, and has no setting against it: so an answer
 * lives a minute at most. A client gets past it with `Cache-Control: max-age=0`, which also puts the new answer in the place of the old.
 *
 * @throws Error naming the operation and the function when `functions` lacks one or holds one too many, or naming the field
 * that is out of range
 */
export class RestApi extends Construct {
  /** Base URL, without a slash at the end: the custom domain's, or the stage's. */
  readonly url: string;
  /** Id of the REST API. */
  readonly restApiId: string;
  /** ARN of the stage. */
  readonly stageArn: string;
  private readonly contract: Contract;
  private readonly stageExecutionArn: string;

  constructor(scope: Construct, id: string, config: RestApiConfig) {
    super(scope, id);
    checkConfig(config);
    const { contract, label } = config;
    const name = label.name(`${contract.name}-${contract.version}`, 128);
    const api = new ApiGatewayRestApi(this, "api", {
      name,
      description: `${contract.title}, from api/${contract.name}/${contract.version}.yaml`,
      endpointConfiguration: { types: ["REGIONAL"] },
      disableExecuteApiEndpoint: config.domainName !== undefined,
      minimumCompressionSize: "1024",
      // As its deployments: an API that must be replaced answers until the domain leads to the new one.
      lifecycle: { createBeforeDestroy: true },
    });
    const authorizer = new ApiGatewayAuthorizer(this, "authorizer", {
      restApiId: api.id,
      name: "user-pool",
      type: "COGNITO_USER_POOLS",
      providerArns: [config.userPoolArn],
      identitySource: "method.request.header.Authorization",
    });
    const routes = addRoutes(new Construct(this, "routes"), {
      restApiId: api.id,
      rootResourceId: api.rootResourceId,
      authorizerId: authorizer.id,
      contract,
      functions: config.functions,
      ...(config.corsOrigin !== undefined && { corsOrigin: config.corsOrigin }),
      ...(config.headers && { headers: config.headers }),
    });
    const responses = addGatewayResponses(
      new Construct(this, "responses"),
      api.id,
      contract.operations.some(({ authorization }) => authorization === "iam"),
      config.corsOrigin,
      config.headers,
    );
    const stage = new Stage(this, "stage", {
      ...config,
      name,
      restApiId: api.id,
      copies: [api, authorizer, ...routes, ...responses],
      values: {
        userPool: config.userPoolArn,
        ...config.headers,
        ...Object.fromEntries(
          Object.entries(config.functions).map(([key, { aliasInvokeArn }]) => [
            `function-${key}`,
            aliasInvokeArn,
          ]),
        ),
      },
    });
    for (const lambda of Object.values(config.functions)) {
      // The stage and any method and path of it, and no other API of the account.
      lambda.allowInvocation(
        `invoked-by-${contract.name}-${contract.version}`,
        "apigateway.amazonaws.com",
        `${api.executionArn}/${contract.version}/*`,
      );
    }
    addApiAlarms(this, {
      label,
      name: contract.name,
      apiName: name,
      stageName: contract.version,
      p99Milliseconds: config.p99AlarmMilliseconds ?? 2000,
      topicArn: config.alarmTopicArn,
    });
    if (config.domainName !== undefined) {
      new ApiGatewayBasePathMapping(this, "mapping", {
        apiId: api.id,
        stageName: stage.stageName,
        domainName: config.domainName,
        basePath: contract.version,
      });
    }
    this.contract = contract;
    this.stageExecutionArn = `${api.executionArn}/${contract.version}`;
    this.restApiId = api.id;
    this.stageArn = stage.arn;
    this.url =
      config.domainName === undefined ? stage.url : `https://${config.domainName}/${contract.version}`;
  }

  /**
   * Lets its holder call one operation that IAM authorises, of this stage alone.
   *
   * @param operationId of the contract, e.g. `checkSession`
   * @throws Error when there is no such operation, or when it is the users'
   */
  invokeStatements(operationId: string): PolicyStatement[] {
    const operation = this.contract.operations.find(({ id }) => id === operationId);
    if (operation?.authorization !== "iam") {
      throw new Error(
        `${contractFile(this.contract)}: ${operationId} must be an operation whose security is sigv4, ` +
          `got ${operation ? "one of users" : "none"}`,
      );
    }
    const path = operation.path.replaceAll(/\{[^}]+\}/g, "*");
    return [
      {
        sid: `Invoke${operationId.charAt(0).toUpperCase()}${operationId.slice(1)}`,
        actions: ["execute-api:Invoke"],
        resources: [`${this.stageExecutionArn}/${operation.method}${path}`],
      },
    ];
  }
}

function contractFile(contract: Contract): string {
  return `api/${contract.name}/${contract.version}.yaml`;
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html, cacheClusterSize */
const CACHE_SIZES = [0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118, 237];

/**
 * Seconds that an answer may live in the cache, for AWS the longest is 3600. Errors of a proxied function are cached as well:
 * https://stackoverflow.com/questions/45883323/prevent-caching-of-non-200-responses-in-aws-api-gateway
 */
const LONGEST_CACHE_SECONDS = 60;

/** Seconds that the gateway waits for a function: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const LONGEST_WAIT_SECONDS = 29;

function checkConfig(config: RestApiConfig): void {
  checkFunctions(config);
  for (const id of Object.keys(config.operationThrottles ?? {})) {
    if (!config.contract.operations.some((operation) => operation.id === id)) {
      throw new Error(
        `${contractFile(config.contract)}: operationThrottles.${id} is no operation; remove it`,
      );
    }
  }
  if (config.cacheSizeGigabytes !== undefined && !CACHE_SIZES.includes(config.cacheSizeGigabytes)) {
    throw new Error(
      `cacheSizeGigabytes must be one of ${CACHE_SIZES.join(", ")}, got ${config.cacheSizeGigabytes}`,
    );
  }
  const ttl = config.cacheTtlSeconds;
  if (ttl !== undefined && (!Number.isInteger(ttl) || ttl < 1 || ttl > LONGEST_CACHE_SECONDS)) {
    throw new Error(`cacheTtlSeconds must be a whole number from 1 to ${LONGEST_CACHE_SECONDS}, got ${ttl}`);
  }
}

function checkFunctions({ contract, functions }: RestApiConfig): void {
  for (const { id, functionName } of contract.operations) {
    if (!Object.hasOwn(functions, functionName)) {
      throw new Error(
        `${contractFile(contract)}: ${id} needs the function "${functionName}"; ` +
          `pass it in functions, got ${Object.keys(functions).join(", ") || "none"}`,
      );
    }
  }
  for (const [functionName, { timeoutSeconds }] of Object.entries(functions)) {
    if (!contract.operations.some((operation) => operation.functionName === functionName)) {
      throw new Error(`${contractFile(contract)}: functions.${functionName} serves no operation; remove it`);
    }
    // Otherwise the gateway gives up first, and the caller gets 504 while the work goes on.
    if (timeoutSeconds >= LONGEST_WAIT_SECONDS) {
      throw new Error(
        `functions/${functionName}/function.json: timeoutSeconds must be below the gateway's ${LONGEST_WAIT_SECONDS}, ` +
          `got ${timeoutSeconds}`,
      );
    }
  }
}
