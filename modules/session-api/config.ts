import { Token } from "cdktf";
import { checkAll, checkWholeNumber } from "../internal/check";
import type { FunctionArtifact } from "../internal/function-bundle";
import type { PolicyStatement } from "../internal/iam";
import type { Label } from "../internal/label";
import type { TrafficShift } from "../internal/lambda-function";
import type { Contract, Throttle } from "../internal/rest-api";

/** One version of the sessions API. */
export interface SessionApiConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** The OpenAPI document, from `loadContract`. Its version names stage and function: another version is another instance. */
  readonly contract: Contract;
  /** The function as built from `functions/sessions`. */
  readonly artifact: FunctionArtifact;
  /** Bucket that holds the artifacts. */
  readonly artifactBucket: string;
  /** User pool whose ID tokens the operations of users ask for. */
  readonly userPoolArn: string;
  /** Requests per second of each operation, all callers together, on average. */
  readonly throttleRatePerSecond: number;
  /** Requests of each operation that may come at once above that rate. */
  readonly throttleBurst: number;
  /**
   * Operations with limits of their own, by `operationId`. `checkSession` is asked at every request of the services that check.
   * @default none: the same limits for each
   */
  readonly operationThrottles?: Readonly<Record<string, Throttle>>;
  /** Most invocations of the function at once, and so connections to the cache. */
  readonly reservedConcurrency: number;
  /** How new versions of the function take over, see `LambdaFunctionConfig`. @default all calls at once */
  readonly trafficShift?: TrafficShift;
  /** The origin whose pages may call the API, e.g. `https://app.example.com`. @default none: native clients alone */
  readonly corsOrigin?: string;
  /** ARN of the web ACL before the stage; its `redactedHeaders` hold `x-session-token`. @default none */
  readonly webAclArn?: string;
  /** `ApiDomain.domainName`; the versions of an API share one domain. @default API Gateway's own */
  readonly domainName?: string;

  /** Address of the cache: `Elasticache.endpointAddress`. */
  readonly cacheHost: string;
  /** TCP port of the cache. */
  readonly cachePort: number;
  /** The cache speaks TLS. Without it, whoever can read in the network reads users and hashes of tokens. @default true */
  readonly cacheTls?: boolean;
  /** The cache is a serverless one, which IAM's tokens name as such. @default false */
  readonly cacheServerless?: boolean;
  /** How the function says who it is, as `Elasticache.authentication`. `none` is for caches that nobody else can reach. @default "iam" */
  readonly cacheAuthentication?: "iam" | "password" | "none";
  /** Name of the cache: `Elasticache.cacheName`. Required with `iam`. */
  readonly cacheName?: string;
  /** Name of the user: `Elasticache.userName`. Required with `iam`. @default with a password, the secret's `username` */
  readonly cacheUser?: string;
  /** ARN of the secret with the password: `Elasticache.authSecretArn`. Required with `password`. */
  readonly cacheSecretArn?: string;
  /** What the function needs to connect: `Elasticache.connectStatements()`. Required unless nobody is asked. */
  readonly cacheStatements?: readonly PolicyStatement[];
  /**
   * Subnets from which the cache is reached. With a password, Secrets Manager too: by its interface endpoint, or through NAT.
   */
  readonly vpcSubnetIds: readonly string[];
  /** Security groups that may reach the cache and, with a password, Secrets Manager. */
  readonly vpcSecurityGroupIds: readonly string[];

  /** Minutes after its last use at which a session ends, 1 to 10080. @default 30 */
  readonly idleMinutes?: number;
  /** Hours after its beginning at which a session ends, 1 to 720. @default 12 */
  readonly maximumHours?: number;
  /** Seconds for which a token that was refreshed is still good, 0 to 60. @default 10 */
  readonly refreshGraceSeconds?: number;
  /** Sessions of one user at once, 1 to 100; one more ends the oldest. @default 10 */
  readonly sessionsPerUser?: number;
  /** Requests per minute of one user to create, read and refresh, 1 to 6000, on average. @default 60 */
  readonly requestsPerMinutePerUser?: number;
  /** Such requests of one user that may come at once, 1 to 1000. @default 20 */
  readonly requestBurstPerUser?: number;

  /** Tokens used after they were retired, in five minutes, of which more alarm: stolen ones, or a client that is wrong. @default 10 */
  readonly alarmReusedTokens?: number;
  /** ARN of the KMS key for the function's environment and artifact. */
  readonly kmsKeyArn: string;
  /** ARN of the KMS key for logs; its policy must let CloudWatch Logs use it. @default kmsKeyArn */
  readonly logKmsKeyArn?: string;
  /** Days that logs are kept. */
  readonly logRetentionDays: number;
  /** SNS topic of the alarms. */
  readonly alarmTopicArn: string;
}

/** Configuration with every default in its place. */
export type Settings = SessionApiConfig &
  Required<
    Pick<
      SessionApiConfig,
      | "cacheTls"
      | "cacheServerless"
      | "cacheAuthentication"
      | "cacheStatements"
      | "idleMinutes"
      | "maximumHours"
      | "refreshGraceSeconds"
      | "sessionsPerUser"
      | "requestsPerMinutePerUser"
      | "requestBurstPerUser"
      | "alarmReusedTokens"
    >
  >;

/**
 * Puts every default in its place.
 *
 * @throws Error with one line for each field that is missing, out of range or at odds with another
 */
export function readConfig(config: SessionApiConfig): Settings {
  const settings: Settings = {
    ...config,
    cacheTls: config.cacheTls ?? true,
    cacheServerless: config.cacheServerless ?? false,
    cacheAuthentication: config.cacheAuthentication ?? "iam",
    cacheStatements: config.cacheStatements ?? [],
    idleMinutes: config.idleMinutes ?? 30,
    maximumHours: config.maximumHours ?? 12,
    refreshGraceSeconds: config.refreshGraceSeconds ?? 10,
    sessionsPerUser: config.sessionsPerUser ?? 10,
    requestsPerMinutePerUser: config.requestsPerMinutePerUser ?? 60,
    requestBurstPerUser: config.requestBurstPerUser ?? 20,
    alarmReusedTokens: config.alarmReusedTokens ?? 10,
  };
  checkAll([
    ...authenticationChecks(settings),
    () => checkNotEmpty("vpcSubnetIds", settings.vpcSubnetIds),
    () => checkNotEmpty("vpcSecurityGroupIds", settings.vpcSecurityGroupIds),
    // As functions/sessions/settings.ts takes them.
    () => checkWholeNumber("idleMinutes", settings.idleMinutes, 1, 10_080),
    () => checkWholeNumber("maximumHours", settings.maximumHours, 1, 720),
    () => checkWholeNumber("refreshGraceSeconds", settings.refreshGraceSeconds, 0, 60),
    () => checkWholeNumber("sessionsPerUser", settings.sessionsPerUser, 1, 100),
    () => checkWholeNumber("requestsPerMinutePerUser", settings.requestsPerMinutePerUser, 1, 6000),
    () => checkWholeNumber("requestBurstPerUser", settings.requestBurstPerUser, 1, 1000),
    () => checkWholeNumber("alarmReusedTokens", settings.alarmReusedTokens, 0),
  ]);
  return settings;
}

const NEEDED = {
  none: [],
  password: ["cacheSecretArn"],
  iam: ["cacheName", "cacheUser"],
} as const satisfies Record<Settings["cacheAuthentication"], readonly (keyof SessionApiConfig)[]>;

function authenticationChecks(settings: Settings): (() => void)[] {
  const { cacheAuthentication, cacheStatements, cacheTls } = settings;
  return [
    ...NEEDED[cacheAuthentication].map((field) => () => {
      if (settings[field] !== undefined) return;
      throw new Error(`${field} must be set with cacheAuthentication "${cacheAuthentication}", got nothing`);
    }),
    () => {
      if (cacheAuthentication === "none" || cacheStatements.length > 0) return;
      throw new Error(
        `cacheStatements must be set with cacheAuthentication "${cacheAuthentication}", got []`,
      );
    },
    () => {
      // https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html, limitations
      if (cacheAuthentication === "iam" && !cacheTls) {
        throw new Error('cacheTls must be true with cacheAuthentication "iam", got false');
      }
    },
  ];
}

function checkNotEmpty(field: string, values: readonly string[]): void {
  // A list that is itself a token has no length yet.
  if (Token.isUnresolved(values) || values.length > 0) return;
  throw new Error(`${field} must not be empty, got []`);
}
