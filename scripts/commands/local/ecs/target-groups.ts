import {
  DeregisterTargetsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";

/** How a target group asks for the health of a target, and lets go of one. */
export interface TargetGroup {
  readonly arn: string;
  readonly healthCheck: TargetHealthCheck;
  /** Seconds that requests under way have after a target was taken out. */
  readonly deregistrationDelaySeconds: number;
}

/** A health check by HTTP. */
export interface TargetHealthCheck {
  readonly path: string;
  /** Status codes that are healthy, e.g. `200`, `200,202` or `200-299`. */
  readonly matcher: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  /** Passes in a row that make a target healthy. */
  readonly healthyThreshold: number;
  /** Failures in a row that make it unhealthy. */
  readonly unhealthyThreshold: number;
}

/** ELB's own: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html */
const DEFAULTS = {
  path: "/",
  matcher: "200",
  interval: 30,
  timeout: 5,
  healthy: 5,
  unhealthy: 2,
  delay: 300,
};

/** Reads a target group. @throws Error of the SDK when there is none */
export async function readTargetGroup(
  client: ElasticLoadBalancingV2Client,
  arn: string,
): Promise<TargetGroup> {
  const [{ TargetGroups = [] }, { Attributes = [] }] = await Promise.all([
    client.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] })),
    client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn })),
  ]);
  const group = TargetGroups[0];
  const delay = Attributes.find(({ Key }) => Key === "deregistration_delay.timeout_seconds")?.Value;
  return {
    arn,
    healthCheck: {
      path: group?.HealthCheckPath ?? DEFAULTS.path,
      matcher: group?.Matcher?.HttpCode ?? DEFAULTS.matcher,
      intervalSeconds: group?.HealthCheckIntervalSeconds ?? DEFAULTS.interval,
      timeoutSeconds: group?.HealthCheckTimeoutSeconds ?? DEFAULTS.timeout,
      healthyThreshold: group?.HealthyThresholdCount ?? DEFAULTS.healthy,
      unhealthyThreshold: group?.UnhealthyThresholdCount ?? DEFAULTS.unhealthy,
    },
    deregistrationDelaySeconds: Number(delay ?? DEFAULTS.delay),
  };
}

/** Lets a target group send requests to a port of this machine. */
export async function register(
  client: ElasticLoadBalancingV2Client,
  arn: string,
  port: number,
): Promise<void> {
  await client.send(new RegisterTargetsCommand({ TargetGroupArn: arn, Targets: [targetOf(port)] }));
}

/** Takes that port out again: no further request is sent there. */
export async function deregister(
  client: ElasticLoadBalancingV2Client,
  arn: string,
  port: number,
): Promise<void> {
  await client.send(new DeregisterTargetsCommand({ TargetGroupArn: arn, Targets: [targetOf(port)] }));
}

/** Takes out all ports of this machine. Two services that share a target group are not looked after. */
export async function deregisterAll(client: ElasticLoadBalancingV2Client, arn: string): Promise<void> {
  const { TargetHealthDescriptions = [] } = await client.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: arn }),
  );
  for (const { Target } of TargetHealthDescriptions) {
    if (Target?.Id === "127.0.0.1" && Target.Port !== undefined) await deregister(client, arn, Target.Port);
  }
}

/** Whether a status code is among those of a matcher. */
export function matches(matcher: string, status: number): boolean {
  return matcher.split(",").some((part) => {
    const [low, high = low] = part.trim().split("-").map(Number);
    return low !== undefined && status >= low && status <= (high ?? low);
  });
}

/** Asks a target once. */
export async function isHealthy(check: TargetHealthCheck, port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}${check.path}`, {
      headers: { "user-agent": "ELB-HealthChecker/2.0" },
      redirect: "manual",
      signal: AbortSignal.timeout(check.timeoutSeconds * 1000),
    });
    await response.arrayBuffer();
    return matches(check.matcher, response.status);
  } catch {
    return false;
  }
}

function targetOf(port: number) {
  return { Id: "127.0.0.1", Port: port };
}
