import { XrayGroup } from "@cdktf/provider-aws/lib/xray-group";
import { XraySamplingRule } from "@cdktf/provider-aws/lib/xray-sampling-rule";
import { Construct } from "constructs";
import type { Label } from "../internal/label";
import type { ObservedPart } from "./parts";

/** Characters of the names of groups and rules: https://docs.aws.amazon.com/xray/latest/api/API_SamplingRule.html */
const LONGEST_NAME = 32;
/** Characters of the name of a service in a rule. */
const LONGEST_SERVICE_NAME = 64;
/** Before X-Ray's default rule, which has 10000, and behind any that somebody makes to look into something. */
const PRIORITY = 5000;

/** What is traced, and how much of it. */
interface TracesConfig {
  readonly label: Label;
  /** Short name of the system. */
  readonly name: string;
  readonly parts: readonly ObservedPart[];
  readonly requestsPerSecond: number;
  readonly percent: number;
}

/**
 * The traces of a system: a group of them, and how many are recorded. API Gateway decides for all behind it; Lambda samples what comes to it
 * otherwise by itself: https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
 */
export class Traces extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { label, name, parts, requestsPerSecond, percent }: TracesConfig,
  ) {
    super(scope, id);
    new XrayGroup(this, "group", {
      groupName: label.name(name, LONGEST_NAME),
      filterExpression: tracedParts(parts)
        .map((part) => `service("${serviceName(part)}")`)
        .join(" OR "),
      // Insights cost by the trace, and their findings would be a second stream of alarms.
      insightsConfiguration: { insightsEnabled: false, notificationsEnabled: false },
    });
    for (const api of parts.filter(({ kind }) => kind === "api")) {
      new XraySamplingRule(this, `sample-${api.name}`, {
        ruleName: label.name(api.name, LONGEST_NAME),
        priority: PRIORITY,
        version: 1,
        reservoirSize: requestsPerSecond,
        fixedRate: percent / 100,
        serviceName: serviceName(api),
        serviceType: "AWS::ApiGateway::Stage",
        host: "*",
        httpMethod: "*",
        urlPath: "*",
        resourceArn: "*",
      });
    }
  }
}

/** Parts that X-Ray has segments of. */
export function tracedParts(parts: readonly ObservedPart[]): ObservedPart[] {
  return parts.filter(({ kind }) => kind === "api" || kind === "function");
}

/** Checks of what X-Ray is told. */
export function traceChecks(parts: readonly ObservedPart[]): (() => void)[] {
  return parts.map((part, index) => () => {
    if (part.kind !== "api") return;
    const name = serviceName(part);
    if (name.length <= LONGEST_SERVICE_NAME) return;
    throw new Error(
      `parts[${index}]: X-Ray's sampling rules take names of at most ${LONGEST_SERVICE_NAME} characters, got "${name}"; give the API a shorter one`,
    );
  });
}

/** What segments of the part are named. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-using-xray-maps.html */
function serviceName({ kind, dimensions }: ObservedPart): string {
  return kind === "api"
    ? `${dimensions["ApiName"]}/${dimensions["Stage"]}`
    : (dimensions["FunctionName"] ?? "");
}
