import { readEnvironment } from "../../runtime";
import { readOneOf, readUrl, readWholeNumber } from "../internal";
import type { CacheAddress } from "./valkey-cache";

/** Where the services behind this one are. */
export interface StorefrontSettings {
  readonly catalogUrl: string;
  readonly ordersUrl: string;
  /** With its stage. */
  readonly sessionsUrl: string;
  /** Whose API Gateway the sessions API is in. */
  readonly region: string;
  /** DynamoDB table of the view of orders. Absent where the environment has none. */
  readonly historyTable?: string;
  readonly cache: CacheAddress;
}

/**
 * Reads where everything is: `CATALOG_URL`, `ORDERS_URL`, `SESSIONS_URL`, `AWS_REGION`; `HISTORY_TABLE`; `CACHE_HOST`, `_PORT`,
 * `_TLS`, `_MODE`, `_USER`, `_PASSWORD`.
 *
 * @param source usually `process.env`
 * @throws Error naming what is missing, or the value that is none
 */
export function readStorefront(source: Readonly<Record<string, string | undefined>>): StorefrontSettings {
  const read = readEnvironment(
    {
      required: [
        ...(["CATALOG_URL", "ORDERS_URL", "SESSIONS_URL", "AWS_REGION"] as const),
        ...(["CACHE_HOST", "CACHE_PORT", "CACHE_TLS"] as const),
      ],
      optional: ["HISTORY_TABLE", "CACHE_MODE", "CACHE_USER", "CACHE_PASSWORD"],
    },
    source,
  );
  const { HISTORY_TABLE: historyTable, CACHE_USER: username, CACHE_PASSWORD: password } = read;
  const mode = readOneOf("CACHE_MODE", read.CACHE_MODE ?? "replication", [
    "replication",
    "cluster",
    "serverless",
  ]);
  return {
    catalogUrl: readUrl("CATALOG_URL", read.CATALOG_URL),
    ordersUrl: readUrl("ORDERS_URL", read.ORDERS_URL),
    sessionsUrl: readUrl("SESSIONS_URL", read.SESSIONS_URL),
    region: read.AWS_REGION,
    ...(historyTable !== undefined && { historyTable }),
    cache: {
      host: read.CACHE_HOST,
      port: readWholeNumber("CACHE_PORT", read.CACHE_PORT, 1, 65_535),
      tls: readOneOf("CACHE_TLS", read.CACHE_TLS, ["on", "off"]) === "on",
      // A serverless cache speaks the protocol of a cluster:
      // https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/WhatIs.corecomponents.html
      sharded: mode !== "replication",
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
    },
  };
}
