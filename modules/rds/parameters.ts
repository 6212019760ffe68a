import type { RdsConfig, RdsEngine, Settings } from "./config";
import { ENGINES } from "./engines";

/** One parameter of a parameter group. */
export interface Parameter {
  readonly name: string;
  readonly value: string;
  /** Those that only a restart changes must say so. */
  readonly applyMethod: "immediate" | "pending-reboot";
}

/** What forces TLS, which no further parameter may undo. */
const TLS: Readonly<Record<RdsEngine, readonly Parameter[]>> = {
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html
  postgres: [immediate("rds.force_ssl", "1"), immediate("ssl_min_protocol_version", "TLSv1.2")],
  "aurora-postgresql": [immediate("rds.force_ssl", "1"), immediate("ssl_min_protocol_version", "TLSv1.2")],
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-ssl-connections.require-ssl.html
  mysql: [immediate("require_secure_transport", "1")],
  mariadb: [immediate("require_secure_transport", "1")],
  "aurora-mysql": [immediate("require_secure_transport", "ON")],
};

/** Names that the module itself sets for an engine. */
export function ownParameters(config: RdsConfig): string[] {
  const settings = { engine: config.engine, slowStatementMilliseconds: 0, maximumConnections: 0 };
  return [...TLS[config.engine], ...serverParameters(settings)].map(({ name }) => name);
}

/** Parameters that force TLS. In a cluster they are the cluster's. */
export function tlsParameters(engine: RdsEngine): readonly Parameter[] {
  return TLS[engine];
}

/** Logging of what is slow, and the limit of connections. In a cluster they are each instance's. */
export function serverParameters(
  settings: Pick<Settings, "engine" | "slowStatementMilliseconds" | "maximumConnections">,
): Parameter[] {
  const { engine, slowStatementMilliseconds, maximumConnections } = settings;
  if (ENGINES[engine].proxyFamily === "MYSQL") {
    return [
      immediate("slow_query_log", "1"),
      immediate("long_query_time", String(slowStatementMilliseconds / 1000)),
      // Only files reach CloudWatch.
      immediate("log_output", "FILE"),
      immediate("max_connections", String(maximumConnections)),
    ];
  }
  return [
    immediate("log_min_duration_statement", String(slowStatementMilliseconds)),
    // A slow statement is logged without its parameters: they are the users' data.
    immediate("log_parameter_max_length", "0"),
    immediate("log_lock_waits", "1"),
    { name: "max_connections", value: String(maximumConnections), applyMethod: "pending-reboot" },
  ];
}

/** Parameters of the configuration. A restart takes them all, whatever kind they are. */
export function furtherParameters(parameters: Readonly<Record<string, string>>): Parameter[] {
  return Object.entries(parameters).map(([name, value]) => ({
    name,
    value,
    applyMethod: "pending-reboot",
  }));
}

function immediate(name: string, value: string): Parameter {
  return { name, value, applyMethod: "immediate" };
}
