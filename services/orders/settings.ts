import { Signer } from "@aws-sdk/rds-signer";
import { readEnvironment } from "../../runtime";
import { readOneOf, readWholeNumber } from "../internal";
import type { ApplicationRole } from "./application-role";
import type { DatabaseConfig, DatabaseTimeouts } from "./database";
import type { EventRetention } from "./outbox";
import { authoritiesOfRds, verifyFull } from "./verify-full";

type Source = Readonly<Record<string, string | undefined>>;

/**
 * Reads where the database is and how the service signs in: `DATABASE_HOST`, `_PORT`, `_NAME`, `_USER`; `DATABASE_TLS`,
 * `verify-full` or `off`; `DATABASE_AUTHENTICATION`, `iam` or `password`, which is `DATABASE_PASSWORD`; `DATABASE_POOL_SIZE`.
 *
 * @throws Error naming what is missing, or the value that is none
 */
export function readDatabase(source: Source, timeouts: DatabaseTimeouts): DatabaseConfig {
  const read = readEnvironment(
    {
      required: [
        ...(["DATABASE_HOST", "DATABASE_PORT", "DATABASE_NAME", "DATABASE_USER", "DATABASE_TLS"] as const),
        ...(["DATABASE_AUTHENTICATION", "DATABASE_POOL_SIZE"] as const),
      ],
      optional: ["DATABASE_PASSWORD", "AWS_REGION"],
    },
    source,
  );
  const host = read.DATABASE_HOST;
  const port = readWholeNumber("DATABASE_PORT", read.DATABASE_PORT, 1, 65_535);
  const tls = readOneOf("DATABASE_TLS", read.DATABASE_TLS, ["verify-full", "off"]);
  const authentication = readOneOf("DATABASE_AUTHENTICATION", read.DATABASE_AUTHENTICATION, [
    "iam",
    "password",
  ]);
  const { DATABASE_USER: user, AWS_REGION: region } = read;
  if (tls === "off" && authentication === "iam") {
    throw new Error(
      "environment: DATABASE_TLS must be verify-full with DATABASE_AUTHENTICATION iam, got off",
    );
  }
  return {
    ...{ host, port, user, name: read.DATABASE_NAME, timeouts },
    poolSize: readWholeNumber("DATABASE_POOL_SIZE", read.DATABASE_POOL_SIZE, 1, 200),
    ...(tls === "verify-full" && { tls: verifyFull(host, authoritiesOfRds(needed("AWS_REGION", region))) }),
    password:
      authentication === "iam"
        ? passwordByIam(host, port, user, needed("AWS_REGION", region))
        : fixed(needed("DATABASE_PASSWORD", read.DATABASE_PASSWORD)),
  };
}

/**
 * Reads the role that a migration makes for the service: `APPLICATION_USER` and, where it signs in by password,
 * `APPLICATION_PASSWORD`.
 *
 * @throws Error naming what is missing
 */
export function readApplicationRole(source: Source): ApplicationRole {
  const read = readEnvironment(
    { required: ["APPLICATION_USER"], optional: ["APPLICATION_PASSWORD"] },
    source,
  );
  const { APPLICATION_USER: name, APPLICATION_PASSWORD: password } = read;
  return { name, ...(password !== undefined && { password }) };
}

/**
 * Reads how long events are kept: `OUTBOX_UNPUBLISHED_DAYS`, for where nobody publishes them.
 *
 * @throws Error naming the value that is none
 */
export function readEventRetention(source: Source): EventRetention {
  const { OUTBOX_UNPUBLISHED_DAYS: days } = readEnvironment(
    { required: [], optional: ["OUTBOX_UNPUBLISHED_DAYS"] },
    source,
  );
  return days === undefined
    ? {}
    : { unpublishedDays: readWholeNumber("OUTBOX_UNPUBLISHED_DAYS", days, 1, 365) };
}

/** A token for each connection: good for 15 minutes, and made without asking anybody. */
function passwordByIam(hostname: string, port: number, username: string, region: string) {
  const signer = new Signer({ hostname, port, username, region });
  return () => signer.getAuthToken();
}

function fixed(password: string) {
  return async () => password;
}

function needed(name: string, value: string | undefined): string {
  if (value === undefined) throw new Error(`environment: ${name} must be set, got nothing`);
  return value;
}
