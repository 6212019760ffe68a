import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { Label } from "../modules/internal/label";
import type { Symptom } from "../modules/observability";
import { type ObservedResource, shortName } from "./observed-parts";

/** What users notice. */
type Trouble = "fails" | "slow";

/** Metrics of troubles that several alarms see at once: at the way in, and behind it. */
const TROUBLES: Readonly<Record<string, Readonly<Record<string, Trouble>>>> = {
  "AWS/ApplicationELB": {
    HTTPCode_ELB_5XX_Count: "fails",
    HTTPCode_Target_5XX_Count: "fails",
    RejectedConnectionCount: "fails",
    TargetResponseTime: "slow",
  },
  "AWS/ApiGateway": { "5XXError": "fails", Latency: "slow" },
  "AWS/Lambda": { Errors: "fails", Throttles: "fails", Duration: "slow" },
};

const WORDS: Readonly<Record<Trouble, string>> = { fails: "fails requests", slow: "is slow" };

/** Alarms of one trouble. */
interface Group {
  readonly name: string;
  readonly what: string;
  readonly trouble: Trouble;
  readonly alarms: ObservedResource[];
}

/**
 * Groups the alarms of a system that go off together when users are served badly: of each load balancer and each API, with what is behind it,
 * those on failure and those on slowness. The alarms of a group tell nobody themselves any more.
 *
 * @param of resources of the system
 * @param dashboardName where the one who is told looks first
 */
export function addSymptoms(of: readonly ObservedResource[], label: Label, dashboardName: string): Symptom[] {
  const groups = new Map<string, Group>();
  for (const alarm of of) {
    const group = alarm.type === "aws_cloudwatch_metric_alarm" && groupOf(alarm, of, label);
    if (!group) continue;
    const known = groups.get(group.name);
    if (known) known.alarms.push(alarm);
    else groups.set(group.name, group);
  }
  return [...groups.values()]
    .filter(({ alarms }) => alarms.length > 1)
    .map(({ name, what, trouble, alarms }) => {
      for (const { resource } of alarms) muteAlarm(resource as CloudwatchMetricAlarm);
      return {
        name,
        description: `${what} ${WORDS[trouble]}: see on dashboard ${dashboardName} which of its ${alarms.length} alarms are on, and what they say.`,
        alarmNames: alarms.map(({ arguments: { alarm_name } }) => String(alarm_name)),
      };
    });
}

function muteAlarm(alarm: CloudwatchMetricAlarm): void {
  alarm.resetAlarmActions();
  alarm.resetOkActions();
}

/** The group that an alarm is of; none where it is alone in what it sees, or in another region. */
function groupOf(alarm: ObservedResource, of: readonly ObservedResource[], label: Label): Group | undefined {
  const queries: readonly { readonly metric?: Metric }[] = alarm.arguments["metric_query"] ?? [];
  if (alarm.resource.provider !== undefined) return undefined;
  for (const { metric } of queries) {
    const trouble = metric && TROUBLES[metric.namespace]?.[metric.metric_name];
    if (!trouble) continue;
    const way = metric.namespace === "AWS/ApplicationELB" ? balancerOf(metric, of) : apiOf(alarm, of);
    if (!way) return undefined;
    const named = shortName(String(way.arguments["name"]), label);
    return way.type === "aws_lb"
      ? {
          ...{ name: `${named}-load-balancer-${trouble}`, what: `What is behind load balancer ${named}` },
          ...{ trouble, alarms: [alarm] },
        }
      : { ...{ name: `api-${named}-${trouble}`, what: `API ${named}` }, ...{ trouble, alarms: [alarm] } };
  }
  return undefined;
}

interface Metric {
  readonly namespace: string;
  readonly metric_name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

function balancerOf({ dimensions }: Metric, of: readonly ObservedResource[]): ObservedResource | undefined {
  return of.find(({ type, ref }) => type === "aws_lb" && ref("arn_suffix") === dimensions["LoadBalancer"]);
}

/** The one API that a construct makes, with the function behind it. */
function apiOf({ top }: ObservedResource, of: readonly ObservedResource[]): ObservedResource | undefined {
  return of.find((it) => it.type === "aws_api_gateway_rest_api" && it.top === top);
}
