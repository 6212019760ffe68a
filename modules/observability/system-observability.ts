import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter";
import { CloudwatchQueryDefinition } from "@cdktf/provider-aws/lib/cloudwatch-query-definition";
import { Construct } from "constructs";
import { checkAll, checkWholeNumber } from "../internal/check";
import type { CodeLogs, SystemObservabilityConfig } from "./config";
import { dashboardBody } from "./dashboard";
import { partChecks } from "./parts";
import { QUERIES, queryText } from "./queries";
import { checkSymptom, SymptomAlarm } from "./symptom-alarm";
import { Traces, traceChecks, tracedParts } from "./traces";

/** Log groups that one query can ask: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutQueryDefinition.html */
const MOST_LOG_GROUPS = 50;

/** Metric of the lines that functions and services write at level ERROR, by the dimension `service`. */
const ERRORS_METRIC = "LoggedErrors";

/**
 * One place for a system: a dashboard of all its parts, saved questions to its logs, a count of the errors in them, its traces, and one alarm
 * for each trouble of users.
 *
 * @throws Error with one line for each thing that is wrong
 */
export class SystemObservability extends Construct {
  /** Name of the dashboard. */
  readonly dashboardName: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly config: SystemObservabilityConfig,
  ) {
    super(scope, id);
    check(config);
    const { label, name } = config;
    this.dashboardName = label.name(name, 255);
    this.countErrors();
    new CloudwatchDashboard(this, "dashboard", {
      dashboardName: this.dashboardName,
      dashboardBody: dashboardBody({
        title: `${label.prefix}: ${name}`,
        notes:
          `One request's path: \`scripts/trace envs/${label.environment} ID\`. ` +
          `Questions to the logs: saved queries in the folder \`${this.folder()}\`. More: docs/observing.md.`,
        region: label.region,
        parts: config.parts,
        alarmArns: config.alarms.map(({ arn }) => arn),
        codeLogGroups: config.codeLogs.map(({ logGroupName }) => logGroupName),
        namespace: label.prefix,
        errorsMetricName: ERRORS_METRIC,
      }),
    });
    if (config.queries !== "none") this.saveQueries();
    for (const symptom of config.symptoms ?? []) {
      new SymptomAlarm(this, `symptom-${symptom.name}`, {
        label,
        symptom,
        topicArn: config.alarmTopicArn,
        dependsOn: [...(config.dependsOn ?? [])],
      });
    }
    const { parts, tracedRequestsPerSecond: requestsPerSecond, tracedPercent: percent } = config;
    if (requestsPerSecond !== undefined && percent !== undefined && tracedParts(parts).length > 0) {
      new Traces(this, "traces", { label, name, parts, requestsPerSecond, percent });
    }
  }

  private folder(): string {
    return `${this.config.label.prefix}/${this.config.name}`;
  }

  /** What fails without a request, such as the work on an event, is in no metric of AWS's. */
  private countErrors(): void {
    for (const { name, logGroupName } of this.config.codeLogs) {
      new CloudwatchLogMetricFilter(this, `errors-${name}`, {
        name: this.config.label.name(`${name}-errors`, 512),
        logGroupName,
        pattern: '{ $.level = "ERROR" }',
        metricTransformation: {
          namespace: this.config.label.prefix,
          name: ERRORS_METRIC,
          value: "1",
          unit: "Count",
          dimensions: { service: "$.service" },
        },
      });
    }
  }

  private saveQueries(): void {
    const groups = {
      code: this.config.codeLogs.map(({ logGroupName }) => logGroupName),
      access: [...(this.config.accessLogGroupNames ?? [])],
    };
    for (const query of QUERIES) {
      if (groups[query.of].length === 0) continue;
      new CloudwatchQueryDefinition(this, `query-${query.name}`, {
        name: `${this.folder()}/${query.name}`,
        logGroupNames: groups[query.of],
        queryString: queryText(query),
      });
    }
  }
}

function check(config: SystemObservabilityConfig): void {
  const { label, parts, codeLogs, symptoms = [], tracedPercent, tracedRequestsPerSecond } = config;
  checkAll([
    () => {
      if (parts.length === 0) throw new Error(`parts of ${config.name} must be one or more, got none`);
    },
    ...partChecks(parts),
    () => checkLogGroups("codeLogs", codeLogs),
    () => checkLogGroups("accessLogGroupNames", config.accessLogGroupNames ?? []),
    () => checkNames(codeLogs),
    ...symptoms.map((symptom, index) => () => checkSymptom(label, symptom, index)),
    () => {
      if ((tracedPercent === undefined) === (tracedRequestsPerSecond === undefined)) return;
      throw new Error("tracedRequestsPerSecond and tracedPercent go together: set both, or neither");
    },
    () => {
      if (tracedRequestsPerSecond !== undefined) {
        checkWholeNumber("tracedRequestsPerSecond", tracedRequestsPerSecond, 0);
      }
    },
    () => {
      if (tracedPercent === undefined || (tracedPercent >= 0 && tracedPercent <= 100)) return;
      throw new Error(`tracedPercent must be from 0 to 100, got ${tracedPercent}`);
    },
    ...(tracedPercent === undefined ? [] : traceChecks(parts)),
  ]);
}

function checkLogGroups(field: string, groups: readonly unknown[]): void {
  if (groups.length <= MOST_LOG_GROUPS) return;
  throw new Error(
    `${field} must be at most ${MOST_LOG_GROUPS}, as one query asks no more, got ${groups.length}`,
  );
}

function checkNames(codeLogs: readonly CodeLogs[]): void {
  for (const [index, { name }] of codeLogs.entries()) {
    if (codeLogs.findIndex((other) => other.name === name) === index) continue;
    throw new Error(`codeLogs[${index}]: there are two of the name "${name}"; name each otherwise`);
  }
}
