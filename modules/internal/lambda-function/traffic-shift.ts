import { CodedeployApp } from "@cdktf/provider-aws/lib/codedeploy-app";
import { CodedeployDeploymentConfig } from "@cdktf/provider-aws/lib/codedeploy-deployment-config";
import { CodedeployDeploymentGroup } from "@cdktf/provider-aws/lib/codedeploy-deployment-group";
import { Construct } from "constructs";
import { checkAll, checkWholeNumber } from "../check";
import { Role } from "../iam";
import type { Label } from "../label";

/** How a new version takes over from the one before. */
export interface TrafficShift {
  /** `canary`: a share first, the rest when the time is up. `linear`: a share more each time. */
  readonly kind: "canary" | "linear";
  /** Percent of the calls in one step: 1 to 99 of a canary, 1 to 50 of a linear shift. */
  readonly percent: number;
  /** Minutes between two steps. From the first step to the last it may take two days. */
  readonly minutes: number;
}

/** What moves the alias of one function. */
export interface AliasShiftConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name of the function, e.g. `todos-v1`. */
  readonly name: string;
  /** Name of the deployed function. */
  readonly functionName: string;
  readonly shift: TrafficShift;
  /** Names of the alarms that send the alias back. */
  readonly alarmNames: readonly string[];
}

/** Longest time from the first step to the last: https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html */
const MAXIMUM_MINUTES = 2880;

/** Those that AWS has, which count against no quota: https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html */
const PREDEFINED: ReadonlySet<string> = new Set([
  ...[5, 10, 15, 30].map((minutes) => `Canary10Percent${minutes}Minutes`),
  ...["1Minute", "2Minutes", "3Minutes", "10Minutes"].map((every) => `Linear10PercentEvery${every}`),
]);

/**
 * What CodeDeploy needs to move a function's alias to a new version by and by, and back when an alarm goes off. It begins with a
 * deployment in the group, which `scripts/shift` makes.
 *
 * @throws Error with one line for each number of the shift that is out of range
 */
export class AliasShift extends Construct {
  constructor(scope: Construct, id: string, config: AliasShiftConfig) {
    super(scope, id);
    const { label, shift } = config;
    checkShift(shift);
    const name = label.name(`${config.name}-shift`);
    const role = new Role(this, "role", {
      name,
      trust: [
        {
          principals: { Service: "codedeploy.amazonaws.com" },
          // https://docs.aws.amazon.com/codedeploy/latest/userguide/security_confused_deputy.html
          conditions: {
            StringEquals: {
              "aws:SourceAccount": label.accountId,
              "aws:SourceArn": `arn:aws:codedeploy:${label.region}:${label.accountId}:deploymentgroup:${name}/${name}`,
            },
          },
        },
      ],
      statements: [
        {
          sid: "MoveAlias",
          actions: ["lambda:GetAlias", "lambda:UpdateAlias", "lambda:GetProvisionedConcurrencyConfig"],
          resources: ["", ":*"].map(
            (qualifier) =>
              `arn:aws:lambda:${label.region}:${label.accountId}:function:${config.functionName}${qualifier}`,
          ),
        },
        {
          // Asked without a name, it is asked of all: then IAM compares with exactly this.
          sid: "WatchAlarms",
          actions: ["cloudwatch:DescribeAlarms"],
          resources: [`arn:aws:cloudwatch:${label.region}:${label.accountId}:alarm:*`],
        },
      ],
    });
    const app = new CodedeployApp(this, "app", { name, computePlatform: "Lambda" });
    new CodedeployDeploymentGroup(this, "group", {
      appName: app.name,
      deploymentGroupName: name,
      deploymentConfigName: this.configName(config),
      serviceRoleArn: role.arn,
      deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
      alarmConfiguration: { enabled: true, alarms: [...config.alarmNames], ignorePollAlarmFailure: false },
      autoRollbackConfiguration: {
        enabled: true,
        events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
      },
      dependsOn: [role.policy],
    });
  }

  /** AWS's own configuration where there is one of that shape. */
  private configName({ label, name, shift }: AliasShiftConfig): string {
    const { kind, percent, minutes } = shift;
    const predefined = predefinedName(shift);
    if (predefined !== undefined) return predefined;
    const step = { interval: minutes, percentage: percent };
    return new CodedeployDeploymentConfig(this, "config", {
      // It cannot be changed, nor go while a group uses it: another shape is another one.
      deploymentConfigName: label.name(`${name}-${kind}-${percent}-${minutes}`, 100),
      computePlatform: "Lambda",
      trafficRoutingConfig:
        kind === "canary"
          ? { type: "TimeBasedCanary", timeBasedCanary: step }
          : { type: "TimeBasedLinear", timeBasedLinear: step },
      lifecycle: { createBeforeDestroy: true },
    }).deploymentConfigName;
  }
}

function predefinedName({ kind, percent, minutes }: TrafficShift): string | undefined {
  const time = `${minutes}Minute${minutes === 1 ? "" : "s"}`;
  const name = kind === "canary" ? `Canary${percent}Percent${time}` : `Linear${percent}PercentEvery${time}`;
  return PREDEFINED.has(name) ? `CodeDeployDefault.Lambda${name}` : undefined;
}

function checkShift({ kind, percent, minutes }: TrafficShift): void {
  checkAll([
    () => checkWholeNumber("trafficShift.percent", percent, 1, kind === "canary" ? 99 : 50),
    () => {
      const steps = kind === "canary" ? 1 : Math.ceil(100 / percent) - 1;
      checkWholeNumber("trafficShift.minutes", minutes, 1, Math.floor(MAXIMUM_MINUTES / steps));
    },
  ]);
}
