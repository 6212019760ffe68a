import { Fn, Token } from "cdktf";
import { Construct } from "constructs";
import type { PolicyStatement } from "../internal/iam";
import { LambdaFunction } from "../internal/lambda-function";
import { RestApi } from "../internal/rest-api";
import { addSessionAlarms } from "./alarms";
import { readConfig, type SessionApiConfig, type Settings } from "./config";

/**
 * REST API of the sessions, served by a function of its own beside the cache.
 *
 * @throws Error with one line for each field that is missing, out of range or at odds with another
 */
export class SessionApi extends Construct {
  /** Base URL, without a slash at the end. */
  readonly url: string;
  /** Id of the REST API. */
  readonly restApiId: string;
  /** ARN of the stage. */
  readonly stageArn: string;
  /** Name of the function. */
  readonly functionName: string;
  private readonly api: RestApi;

  constructor(scope: Construct, id: string, config: SessionApiConfig) {
    super(scope, id);
    const settings = readConfig(config);
    const { artifact, contract, label } = config;
    const name = `${contract.name}-${contract.version}`;
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
        ...cacheVariables(settings),
        ...ruleVariables(settings),
        POWERTOOLS_SERVICE_NAME: name,
        POWERTOOLS_METRICS_NAMESPACE: label.prefix,
        ...(config.corsOrigin !== undefined && { CORS_ORIGIN: config.corsOrigin }),
      },
      statements: settings.cacheStatements,
      kmsKeyArn: config.kmsKeyArn,
      ...(config.logKmsKeyArn !== undefined && { logKmsKeyArn: config.logKmsKeyArn }),
      reservedConcurrency: config.reservedConcurrency,
      ...(config.trafficShift && { trafficShift: config.trafficShift }),
      vpc: { subnetIds: config.vpcSubnetIds, securityGroupIds: config.vpcSecurityGroupIds },
    });
    this.api = new RestApi(this, "api", {
      ...common,
      contract,
      functions: { [artifact.name]: lambda },
      userPoolArn: config.userPoolArn,
      throttleRatePerSecond: config.throttleRatePerSecond,
      throttleBurst: config.throttleBurst,
      kmsKeyArn: config.logKmsKeyArn ?? config.kmsKeyArn,
      ...(config.operationThrottles !== undefined && { operationThrottles: config.operationThrottles }),
      ...(config.corsOrigin !== undefined && { corsOrigin: config.corsOrigin }),
      ...(config.webAclArn !== undefined && { webAclArn: config.webAclArn }),
      ...(config.domainName !== undefined && { domainName: config.domainName }),
    });
    addSessionAlarms(this, {
      label,
      service: name,
      reusedTokens: settings.alarmReusedTokens,
      topicArn: config.alarmTopicArn,
    });
    this.url = this.api.url;
    this.restApiId = this.api.restApiId;
    this.stageArn = this.api.stageArn;
    this.functionName = lambda.functionName;
  }

  /** Lets a service check sessions: `POST /session-checks` of this stage, and nothing else of the API. */
  checkStatements(): PolicyStatement[] {
    return this.api.invokeStatements("checkSession");
  }
}

function cacheVariables(settings: Settings): Record<string, string> {
  const { cacheName, cachePort, cacheSecretArn, cacheUser } = settings;
  return {
    CACHE_HOST: settings.cacheHost,
    // A number that is known only at deployment is no text in TypeScript.
    CACHE_PORT: Token.isUnresolved(cachePort) ? Token.asString(Fn.tostring(cachePort)) : String(cachePort),
    CACHE_TLS: settings.cacheTls ? "on" : "off",
    CACHE_SERVERLESS: settings.cacheServerless ? "on" : "off",
    CACHE_AUTHENTICATION: settings.cacheAuthentication,
    ...(cacheName !== undefined && { CACHE_NAME: cacheName }),
    ...(cacheUser !== undefined && { CACHE_USER: cacheUser }),
    ...(cacheSecretArn !== undefined && { CACHE_SECRET_ARN: cacheSecretArn }),
  };
}

function ruleVariables(settings: Settings): Record<string, string> {
  return {
    SESSION_IDLE_MINUTES: String(settings.idleMinutes),
    SESSION_MAXIMUM_HOURS: String(settings.maximumHours),
    SESSION_REFRESH_GRACE_SECONDS: String(settings.refreshGraceSeconds),
    SESSIONS_PER_PRINCIPAL: String(settings.sessionsPerUser),
    RATE_LIMIT_PER_MINUTE: String(settings.requestsPerMinutePerUser),
    RATE_LIMIT_BURST: String(settings.requestBurstPerUser),
  };
}
