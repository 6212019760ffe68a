import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { Tracing } from "./tracing";

/** Logs, metrics and traces of one function. */
export interface Observability {
  readonly logger: Logger;
  /** Adds one to a metric, e.g. `DaxRead`. Written out at the end of the request. */
  count(name: string): void;
  /** Notes a duration, e.g. `EventAge`. Written out with what is counted. */
  measure(name: string, milliseconds: number): void;
  /** Writes the metrics noted since the last call, if any. */
  publishMetrics(): void;
  readonly tracing: Tracing;
}

/** What names the function in logs, metrics and traces. */
export interface ObservabilityConfig {
  /** Name of the service, e.g. `todos`. */
  readonly service: string;
  /** CloudWatch namespace of the metrics. */
  readonly namespace: string;
}

/** Sets up logs and metrics by Powertools, in JSON on the standard output, and traces by {@link Tracing}. */
export function createObservability({ service, namespace }: ObservabilityConfig): Observability {
  const logger = new Logger({ serviceName: service });
  const metrics = new Metrics({ serviceName: service, namespace });
  return {
    logger,
    count: (name) => metrics.addMetric(name, MetricUnit.Count, 1),
    measure: (name, milliseconds) => metrics.addMetric(name, MetricUnit.Milliseconds, milliseconds),
    publishMetrics() {
      // Powertools warns of an empty set; most requests count nothing.
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
    tracing: new Tracing({ environment: process.env }),
  };
}
