/** Units that CloudWatch knows, of those in use. */
type MetricUnit = "Count" | "Seconds" | "Milliseconds";

/** One value of a metric. */
interface MetricValue {
  readonly value: number;
  readonly unit: MetricUnit;
}

/** What metrics are written with. */
interface MetricsConfig {
  /** CloudWatch namespace, e.g. `acme-prod`. */
  readonly namespace: string;
  /** Name of the service: the dimension `service`, as that of the functions' metrics. */
  readonly service: string;
  /** Takes one line, its end included. @default the standard output */
  readonly write?: (line: string) => void;
  /** Milliseconds since 1970. @default the system's clock */
  readonly now?: () => number;
}

/** Writes values of metrics by their names, e.g. `EventsPublished`. */
export type PutMetrics = (values: Readonly<Record<string, MetricValue>>) => void;

/**
 * Writes metrics as lines of the log, out of which CloudWatch makes them:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function createMetrics({
  namespace,
  service,
  write = (line) => void process.stdout.write(line),
  now = Date.now,
}: MetricsConfig): PutMetrics {
  return (values) => {
    const entries = Object.entries(values);
    const Metrics = entries.map(([Name, { unit: Unit }]) => ({ Name, Unit }));
    const line = {
      _aws: {
        Timestamp: now(),
        CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [["service"]], Metrics }],
      },
      service,
      ...Object.fromEntries(entries.map(([name, { value }]) => [name, value])),
    };
    write(`${JSON.stringify(line)}\n`);
  };
}
