import { Route53HealthCheck } from "@cdktf/provider-aws/lib/route53-health-check";
import { type TerraformProvider, Token } from "cdktf";
import { Construct } from "constructs";
import { Alarm } from "../internal/alarm";
import { checkAll, checkWholeNumber } from "../internal/check";
import type { Label } from "../internal/label";
import { checkDomainName } from "./domain-name";

/** What Route 53 asks, from places around the world, whether a site lives. */
export interface HealthCheckConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name of the site, e.g. `catalog`. */
  readonly name: string;
  /** Host that is asked by HTTPS, from the internet, e.g. `catalog-eu.example.com`: a place's own name, not one that fails over. */
  readonly domainName: string;
  /** Path that is asked for, e.g. `/health/ready`. Any answer from 200 to 399 is well. */
  readonly path: string;
  /** @default 443 */
  readonly port?: number;
  /** Text that the first 5,120 bytes of the answer must hold. @default any answer does */
  readonly searchString?: string;
  /** Seconds between two questions of one place: 10 costs more. @default 30 */
  readonly requestIntervalSeconds?: 10 | 30;
  /** Answers in a row, 1 to 10, after which a place changes its mind. @default 3 */
  readonly failureThreshold?: number;
  /** SNS topic of the alarm, in us-east-1, as Route 53 measures there. */
  readonly globalAlarmTopicArn: string;
  /** Provider of us-east-1. @default the stack's own */
  readonly globalProvider?: TerraformProvider;
}

/**
 * Health check by HTTPS, and an alarm on it. It asks from the internet: what is inside a VPC it never reaches.
 *
 * @throws Error naming every field that is wrong, one to a line
 */
export class HealthCheck extends Construct {
  /** Id of the health check, for records. */
  readonly healthCheckId: string;

  constructor(scope: Construct, id: string, config: HealthCheckConfig) {
    super(scope, id);
    checkConfig(config);
    const { label, name, globalProvider, searchString } = config;
    const check = new Route53HealthCheck(this, "check", {
      type: searchString === undefined ? "HTTPS" : "HTTPS_STR_MATCH",
      fqdn: config.domainName,
      port: config.port ?? 443,
      resourcePath: config.path,
      ...(searchString !== undefined && { searchString }),
      requestInterval: config.requestIntervalSeconds ?? 30,
      failureThreshold: config.failureThreshold ?? 3,
      enableSni: true,
      tags: { Name: label.name(name, 255) },
    });
    new Alarm(this, "alarm", {
      name: label.name(`${name}-health`, 255),
      description: `${config.domainName} does not answer Route 53: look at the site; records that fail over have left it meanwhile.`,
      namespace: "AWS/Route53",
      metricName: "HealthCheckStatus",
      dimensions: { HealthCheckId: check.id },
      statistic: "Minimum",
      comparison: "LessThanThreshold",
      threshold: 1,
      topicArn: config.globalAlarmTopicArn,
      ...(globalProvider !== undefined && { provider: globalProvider }),
    });
    this.healthCheckId = check.id;
  }
}

function checkConfig(config: HealthCheckConfig): void {
  const { failureThreshold, path, port, searchString } = config;
  checkAll([
    () => checkDomainName("domainName", config.domainName),
    () => {
      if (Token.isUnresolved(path) || path.startsWith("/")) return;
      throw new Error(`path must begin with a slash, got "${path}"`);
    },
    () => port !== undefined && checkWholeNumber("port", port, 1, 65_535),
    () => failureThreshold !== undefined && checkWholeNumber("failureThreshold", failureThreshold, 1, 10),
    () => {
      if (searchString === undefined || Token.isUnresolved(searchString)) return;
      if (searchString.length >= 1 && searchString.length <= 255) return;
      throw new Error(`searchString must have 1 to 255 characters, got ${searchString.length}`);
    },
  ]);
}
