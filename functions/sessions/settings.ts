import { type EnvironmentNames, readEnvironment } from "../../runtime";
import type { CacheAddress } from "./cache-connection";
import type { SessionRules } from "./store";

/** Variables that the function reads, as in its function.json. */
const NAMES = {
  required: [
    "CACHE_HOST",
    "CACHE_PORT",
    "CACHE_TLS",
    "CACHE_AUTHENTICATION",
    "SESSION_IDLE_MINUTES",
    "SESSION_MAXIMUM_HOURS",
    "SESSION_REFRESH_GRACE_SECONDS",
    "SESSIONS_PER_PRINCIPAL",
    "RATE_LIMIT_PER_MINUTE",
    "RATE_LIMIT_BURST",
  ],
  optional: [
    "CACHE_SERVERLESS",
    "CACHE_NAME",
    "CACHE_USER",
    "CACHE_SECRET_ARN",
    "CORS_ORIGIN",
    "POWERTOOLS_SERVICE_NAME",
    "POWERTOOLS_METRICS_NAMESPACE",
    "POWERTOOLS_LOG_LEVEL",
  ],
} as const satisfies EnvironmentNames;

/** How the function says who it is, to the cache. */
export type CacheAuthentication =
  | { readonly kind: "none" }
  | { readonly kind: "password"; readonly secretArn: string; readonly username?: string }
  | {
      readonly kind: "iam";
      readonly cacheName: string;
      readonly serverless: boolean;
      readonly username: string;
    };

/** What the environment says. */
export interface Settings {
  readonly service: string;
  /** Namespace of the metrics. */
  readonly namespace: string;
  /** @default no browser may read answers */
  readonly corsOrigin?: string;
  readonly cache: CacheAddress;
  readonly authentication: CacheAuthentication;
  readonly rules: SessionRules;
}

/**
 * Reads the function's settings.
 *
 * @param source usually `process.env`
 * @throws Error naming each variable that is missing, or the first that is wrong, what it must be and what it is
 */
export function readSettings(source: Readonly<Record<string, string | undefined>>): Settings {
  const environment = readEnvironment(NAMES, source);
  const whole = (name: (typeof NAMES.required)[number], least: number, most: number) => {
    const text = environment[name];
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new Error(`environment: ${name} must be a whole number from ${least} to ${most}, got "${text}"`);
  };
  const oneOf = <Value extends string>(
    name: keyof typeof environment,
    values: readonly Value[],
    text = environment[name],
  ): Value => {
    const value = values.find((known) => known === text);
    if (value !== undefined) return value;
    throw new Error(`environment: ${name} must be one of ${values.join(", ")}, got "${text}"`);
  };
  const required = (name: keyof typeof environment) => {
    const value = environment[name];
    if (value !== undefined) return value;
    const why = `CACHE_AUTHENTICATION=${environment.CACHE_AUTHENTICATION}`;
    throw new Error(`environment: ${name} must be set with ${why}, got nothing`);
  };

  const kind = oneOf("CACHE_AUTHENTICATION", ["none", "password", "iam"]);
  const { CACHE_USER: username, CORS_ORIGIN: corsOrigin } = environment;
  return {
    service: environment.POWERTOOLS_SERVICE_NAME ?? "sessions",
    namespace: environment.POWERTOOLS_METRICS_NAMESPACE ?? "sessions",
    ...(corsOrigin !== undefined && { corsOrigin }),
    cache: {
      host: environment.CACHE_HOST,
      port: whole("CACHE_PORT", 1, 65_535),
      tls: oneOf("CACHE_TLS", ["on", "off"]) === "on",
    },
    authentication: {
      none: () => ({ kind: "none" as const }),
      password: () => ({
        kind: "password" as const,
        secretArn: required("CACHE_SECRET_ARN"),
        ...(username !== undefined && { username }),
      }),
      iam: () => ({
        kind: "iam" as const,
        cacheName: required("CACHE_NAME"),
        serverless: oneOf("CACHE_SERVERLESS", ["on", "off"], environment.CACHE_SERVERLESS ?? "off") === "on",
        username: required("CACHE_USER"),
      }),
    }[kind](),
    rules: {
      idleMilliseconds: whole("SESSION_IDLE_MINUTES", 1, 10_080) * 60_000,
      maximumMilliseconds: whole("SESSION_MAXIMUM_HOURS", 1, 720) * 3_600_000,
      graceMilliseconds: whole("SESSION_REFRESH_GRACE_SECONDS", 0, 60) * 1000,
      sessionsPerUser: whole("SESSIONS_PER_PRINCIPAL", 1, 100),
      millisecondsPerRequest: Math.ceil(60_000 / whole("RATE_LIMIT_PER_MINUTE", 1, 6000)),
      burst: whole("RATE_LIMIT_BURST", 1, 1000),
    },
  };
}
