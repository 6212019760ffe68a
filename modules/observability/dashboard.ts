import { KINDS, kindOf, type ObservedPart, type PartKind } from "./parts";
import { type LogQuery, QUERIES, queryText } from "./queries";

/** What a dashboard shows; see SystemDashboardConfig. */
export interface DashboardContent {
  readonly title: string;
  readonly notes: string;
  readonly region: string;
  readonly parts: readonly ObservedPart[];
  readonly alarmArns: readonly string[];
  readonly codeLogGroups: readonly string[];
  /** Namespace of the metrics that functions and services write, and of the errors counted in their logs. */
  readonly namespace: string;
  /** Name of the metric of errors counted in logs. */
  readonly errorsMetricName: string;
}

/** A widget without its place. */
interface Widget {
  readonly type: "text" | "alarm" | "metric" | "log";
  readonly width: number;
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Columns of a dashboard. */
const COLUMNS = 24;
/** Alarms of one widget, CloudWatch's limit. */
const MOST_ALARMS = 100;

/**
 * The body of a dashboard: first which alarms are on and what was logged as an error, then charts of all parts by their kinds.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export function dashboardBody(content: DashboardContent): string {
  const { title, notes } = content;
  const widgets = [
    { type: "text" as const, width: COLUMNS, height: 3, properties: { markdown: `# ${title}\n${notes}` } },
    ...alarmWidgets(content.alarmArns),
    ...errorWidgets(content),
    ...(Object.keys(KINDS) as PartKind[]).flatMap((kind) =>
      kindWidgets(
        content.parts.filter((part) => part.kind === kind),
        content.region,
      ),
    ),
  ];
  return JSON.stringify({ start: "-PT3H", periodOverride: "auto", widgets: placed(widgets) });
}

function alarmWidgets(alarmArns: readonly string[]): Widget[] {
  const parts = Math.ceil(alarmArns.length / MOST_ALARMS);
  return Array.from({ length: parts }, (_, index) => {
    const alarms = alarmArns.slice(index * MOST_ALARMS, (index + 1) * MOST_ALARMS);
    return {
      type: "alarm" as const,
      width: COLUMNS,
      height: Math.max(2, Math.ceil(alarms.length / 8) + 1),
      properties: { title: parts === 1 ? "Alarms" : `Alarms, ${index + 1} of ${parts}`, alarms },
    };
  });
}

function errorWidgets({ codeLogGroups, region, namespace, errorsMetricName }: DashboardContent): Widget[] {
  if (codeLogGroups.length === 0) return [];
  const newest = QUERIES.find(({ name }) => name === "newest-errors") as LogQuery;
  const source = codeLogGroups.map((name) => `SOURCE '${name}'`).join(" | ");
  return [
    {
      type: "metric",
      width: 8,
      height: 6,
      properties: {
        ...chartProperties("Errors logged, by service", region, "lines"),
        metrics: [
          [
            {
              expression: `SEARCH('{"${namespace}",service} MetricName="${errorsMetricName}"', 'Sum', 300)`,
              id: "errors",
            },
          ],
        ],
      },
    },
    {
      type: "log",
      width: 16,
      height: 6,
      properties: {
        title: "Newest errors",
        region,
        view: "table",
        query: `${source} | ${queryText(newest)}`,
      },
    },
  ];
}

/** A heading, and a chart of each measure with a line for every part. */
function kindWidgets(parts: readonly ObservedPart[], region: string): Widget[] {
  const [first] = parts;
  if (first === undefined) return [];
  const { title, namespace, charts } = kindOf(first);
  const heading: Widget = {
    type: "text",
    width: COLUMNS,
    height: 1,
    properties: { markdown: `## ${title}`, background: "transparent" },
  };
  const widgets = charts.map((chart) => ({
    type: "metric" as const,
    width: COLUMNS / 3,
    height: 6,
    properties: {
      ...chartProperties(`${title}: ${chart.title}`, region, chart.unit),
      metrics: parts.flatMap((part) =>
        chart.measures.map(({ metricName, statistic, namespace: own = namespace }) => [
          own,
          metricName,
          ...Object.entries(part.dimensions).flat(),
          {
            stat: statistic,
            label: chart.measures.length === 1 ? part.name : `${part.name} ${metricName}`,
            ...(part.region !== undefined && part.region !== region && { region: part.region }),
          },
        ]),
      ),
    },
  }));
  return [heading, ...widgets];
}

function chartProperties(title: string, region: string, unit: string) {
  return {
    title,
    region,
    view: "timeSeries",
    stacked: false,
    period: 60,
    yAxis: { left: { min: 0, label: unit, showUnits: false } },
  };
}

/** Widgets from left to right, in rows as high as their highest. */
function placed(widgets: readonly Widget[]) {
  let x = 0;
  let y = 0;
  let height = 0;
  return widgets.map((widget) => {
    if (x + widget.width > COLUMNS) {
      x = 0;
      y += height;
      height = 0;
    }
    const { type, properties, width } = widget;
    const at = { type, x, y, width, height: widget.height, properties };
    x += width;
    height = Math.max(height, widget.height);
    return at;
  });
}
