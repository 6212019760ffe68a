import { TerraformOutput, type TerraformStack } from "cdktf";
import type { Label } from "../modules/internal/label";
import { type CodeLogs, SystemObservability } from "../modules/observability";
import type { ObservabilitySpec } from "./observability-spec";
import { type ObservedResource, observedResources, partsOf, shortName } from "./observed-parts";
import { addSymptoms } from "./symptoms";

/** What observing an environment needs. */
export interface ObservabilityConfig {
  readonly label: Label;
  /** SNS topic of the alarms. */
  readonly alarmTopicArn: string;
  /** Systems of the stack: name to the ids of their constructs at its top. */
  readonly systems: Readonly<Record<string, readonly string[]>>;
  readonly spec: ObservabilitySpec;
}

/** Log groups of code: how their names begin, and what the code is. */
const CODE_LOGS = { "/aws/lambda/": "function", "/ecs/": "service" };
const ACCESS_LOGS = "/aws/apigateway/";

/**
 * Adds to a stack what each of its systems is observed by, from what the stack has by then: so it comes last. A part that is added to a system
 * is on its dashboard and in its queries by itself. Alarms that are of no system, such as those of the cluster, are on every dashboard.
 */
export function addObservability(stack: TerraformStack, config: ObservabilityConfig): void {
  const { label, systems, spec } = config;
  const resources = observedResources(stack);
  const owned = new Set(Object.values(systems).flat());
  const shared = resources.filter(({ top }) => !owned.has(top));
  for (const [name, tops] of Object.entries(systems)) {
    const own = resources.filter(({ top }) => tops.includes(top));
    const parts = partsOf(own, resources, label);
    if (parts.length === 0) continue;
    const alarms = alarmsOf(own);
    const symptoms = addSymptoms(own, label, label.name(name, 255));
    const { dashboardName } = new SystemObservability(stack, `${name}-observability`, {
      label,
      name,
      parts,
      alarms: [...alarms, ...alarmsOf(shared)].map(({ arguments: { alarm_name }, ref }) => ({
        name: alarm_name,
        arn: ref("arn"),
      })),
      symptoms,
      codeLogs: codeLogsOf(own, label),
      accessLogGroupNames: logGroupsOf(own, ACCESS_LOGS).map(({ ref }) => ref("name")),
      alarmTopicArn: config.alarmTopicArn,
      queries: spec.queries,
      ...(spec.traces && {
        tracedRequestsPerSecond: spec.traces.requestsPerSecond,
        tracedPercent: spec.traces.percent,
      }),
      dependsOn: alarms.map(({ resource }) => resource),
    });
    new TerraformOutput(stack, `${name}_dashboard`, { value: dashboardName });
  }
}

function alarmsOf(resources: readonly ObservedResource[]): ObservedResource[] {
  return resources.filter(({ type }) => type === "aws_cloudwatch_metric_alarm");
}

/** Log groups of the environment's region. */
function logGroupsOf(resources: readonly ObservedResource[], beginning: string): ObservedResource[] {
  return resources.filter(
    ({ type, arguments: { name }, resource }) =>
      type === "aws_cloudwatch_log_group" &&
      resource.provider === undefined &&
      String(name).startsWith(beginning),
  );
}

function codeLogsOf(resources: readonly ObservedResource[], label: Label): CodeLogs[] {
  return Object.entries(CODE_LOGS).flatMap(([beginning, what]) =>
    logGroupsOf(resources, beginning).map(({ arguments: { name }, ref }) => ({
      name: `${what}-${shortName(String(name).slice(beginning.length), label)}`,
      logGroupName: ref("name"),
    })),
  );
}
