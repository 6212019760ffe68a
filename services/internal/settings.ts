import { readEnvironment } from "../../runtime";
import { LOG_LEVELS, type LogLevel } from "./logger";

/** Whose tokens are taken, and where the keys that they are signed with are. */
export interface UserPoolSettings {
  /** E.g. `eu-west-1_AbCdEfGhI`. */
  readonly userPoolId: string;
  /** The app client that tokens are made for. */
  readonly clientId: string;
  /** `iss` of the tokens. @default those of Cognito for that pool */
  readonly issuer?: string;
  /** Where the keys are fetched. @default Cognito's own address */
  readonly jwksUrl?: string;
}

/** What every service is told by its environment. */
export interface ServiceSettings {
  /** Name in logs, e.g. `catalog`. */
  readonly name: string;
  /** Address that it listens on. */
  readonly host: string;
  /** TCP port that it listens on; 0 for a free one. */
  readonly port: number;
  readonly logLevel: LogLevel;
  /**
   * Seconds that requests are still taken after a stop begins: until then the load balancer may send some, as it learns of the
   * stop by asking for the health.
   */
  readonly drainSeconds: number;
}

/**
 * Reads what every service is told: `PORT`, `SERVICE_NAME` and, where they are set, `HOST` (otherwise all addresses), `LOG_LEVEL`
 * (otherwise `INFO`) and `DRAIN_SECONDS` (otherwise 5).
 *
 * @throws Error naming what is missing, or the value that is none
 */
export function readSettings(source: Readonly<Record<string, string | undefined>>): ServiceSettings {
  const { PORT, SERVICE_NAME, HOST, LOG_LEVEL, DRAIN_SECONDS } = readEnvironment(
    { required: ["PORT", "SERVICE_NAME"], optional: ["HOST", "LOG_LEVEL", "DRAIN_SECONDS"] },
    source,
  );
  const port = readWholeNumber("PORT", PORT, 0, 65_535);
  const logLevel = readOneOf("LOG_LEVEL", (LOG_LEVEL ?? "INFO").toUpperCase(), LOG_LEVELS);
  const drainSeconds = readWholeNumber("DRAIN_SECONDS", DRAIN_SECONDS ?? "5", 0, 60);
  return { name: SERVICE_NAME, host: HOST ?? "0.0.0.0", port, logLevel, drainSeconds };
}

/**
 * Reads whose tokens are taken: `USER_POOL_ID`, `USER_POOL_CLIENT_ID` and, where there is no Cognito, `USER_POOL_ISSUER` and
 * `USER_POOL_JWKS_URL`.
 *
 * @throws Error naming what is missing
 */
export function readUserPool(source: Readonly<Record<string, string | undefined>>): UserPoolSettings {
  const read = readEnvironment(
    {
      required: ["USER_POOL_ID", "USER_POOL_CLIENT_ID"],
      optional: ["USER_POOL_ISSUER", "USER_POOL_JWKS_URL"],
    },
    source,
  );
  const { USER_POOL_ISSUER: issuer, USER_POOL_JWKS_URL: jwksUrl } = read;
  return {
    userPoolId: read.USER_POOL_ID,
    clientId: read.USER_POOL_CLIENT_ID,
    ...(issuer !== undefined && { issuer }),
    ...(jwksUrl !== undefined && { jwksUrl }),
  };
}

/** Reads a whole number out of a variable. @throws Error naming the variable, the range and what it is */
export function readWholeNumber(name: string, text: string, minimum: number, maximum: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= minimum && value <= maximum) return value;
  throw new Error(`environment: ${name} must be a whole number from ${minimum} to ${maximum}, got ${text}`);
}

/** Reads one of some words out of a variable. @throws Error naming the variable, the words and what it is */
export function readOneOf<const Value extends string>(
  name: string,
  text: string,
  values: readonly Value[],
): Value {
  const value = values.find((known) => known === text);
  if (value !== undefined) return value;
  throw new Error(`environment: ${name} must be one of ${values.join(", ")}, got ${text}`);
}

/** Reads the address of another service out of a variable. @throws Error naming the variable and what it is */
export function readUrl(name: string, text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new Error(`environment: ${name} must be a URL of http or https, got ${text}`);
}
