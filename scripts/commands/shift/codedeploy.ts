import { createHash } from "node:crypto";
import type { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import { explainAwsFailure } from "../../internal/aws-errors";
import { CommandError } from "../../internal/cli";

/** Where CodeDeploy moves a function's alias. */
export interface Group {
  readonly application: string;
  readonly group: string;
}

/** What a deployment of CodeDeploy does to an alias. */
export interface Move {
  /** Short name, e.g. `todos-v1`. */
  readonly function: string;
  /** Name in AWS. */
  readonly deployedName: string;
  readonly from: string;
  readonly to: string;
}

/** A deployment as CodeDeploy tells of it. */
export interface Deployment {
  readonly id: string;
  /** It goes on. */
  readonly active: boolean;
  /** As CodeDeploy calls it, e.g. `InProgress`, `Succeeded`, `Failed`, `Stopped`. */
  readonly status: string;
  /** Version that it leads to. Absent when this command has not made it. */
  readonly to?: string;
  /** Why it failed or was stopped, e.g. `ALARM_ACTIVE: One or more alarms …`. */
  readonly reason?: string;
  /** Deployment that takes this one back. */
  readonly takenBackBy?: string;
  /** Deployment that this one takes back. */
  readonly takesBack?: string;
}

/** What is asked of CodeDeploy. */
export interface ShiftService {
  /** The group's last deployment, of whatever outcome; undefined before the first. */
  last(group: Group): Promise<Deployment | undefined>;
  get(id: string): Promise<Deployment>;
  /** @returns the deployment's id */
  begin(group: Group, move: Move, ignoreAlarms: boolean): Promise<string>;
  /** Ends it and takes the alias back. Does nothing when it has ended already. */
  stop(id: string): Promise<void>;
  close(): void;
}

/** https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentInfo.html */
const ENDED: ReadonlySet<string> = new Set(["Succeeded", "Failed", "Stopped"]);

/** CodeDeploy in one region. Loads the SDK, which takes longer than all before. */
export async function openCodeDeploy(region: string): Promise<ShiftService> {
  const sdk = await import("@aws-sdk/client-codedeploy");
  const client: CodeDeployClient = new sdk.CodeDeployClient({ region });
  const explained = async <T>(place: string, rights: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      const { name } = error as Error;
      if (["ApplicationDoesNotExistException", "DeploymentGroupDoesNotExistException"].includes(name)) {
        throw new CommandError(place, "is not deployed", "deploy the environment first");
      }
      if (name === "DeploymentLimitExceededException") {
        throw new CommandError(place, "a shift has begun meanwhile", "run this again to see it");
      }
      throw explainAwsFailure(error, { service: "CodeDeploy", place, rights });
    }
  };
  const get = (deploymentId: string) =>
    explained(`deployment ${deploymentId}`, "codedeploy:GetDeployment", async () => {
      const { deploymentInfo } = await client.send(new sdk.GetDeploymentCommand({ deploymentId }));
      const { status = "", description = "", errorInformation, rollbackInfo } = deploymentInfo ?? {};
      const { code, message } = errorInformation ?? {};
      const to = readDescription(description);
      return {
        id: deploymentId,
        status,
        active: !ENDED.has(status),
        ...(to !== undefined && { to }),
        ...(code !== undefined && { reason: message ? `${code}: ${message}` : code }),
        ...(rollbackInfo?.rollbackDeploymentId && { takenBackBy: rollbackInfo.rollbackDeploymentId }),
        ...(rollbackInfo?.rollbackTriggeringDeploymentId && {
          takesBack: rollbackInfo.rollbackTriggeringDeploymentId,
        }),
      };
    });
  return {
    get,
    last: async ({ application, group }) => {
      const found = await explained(`group ${group}`, "codedeploy:GetDeploymentGroup", () =>
        client.send(
          new sdk.GetDeploymentGroupCommand({ applicationName: application, deploymentGroupName: group }),
        ),
      );
      const id = found.deploymentGroupInfo?.lastAttemptedDeployment?.deploymentId;
      return id === undefined ? undefined : await get(id);
    },
    begin: ({ application, group }, move, ignoreAlarms) =>
      explained(
        `group ${group}`,
        "codedeploy:CreateDeployment, codedeploy:RegisterApplicationRevision, codedeploy:GetApplicationRevision and codedeploy:GetDeploymentConfig" +
          (ignoreAlarms ? ", and codedeploy:UpdateDeploymentGroup," : ""),
        async () => {
          const content = appSpec(move);
          const sha256 = createHash("sha256").update(content).digest("hex");
          const { deploymentId } = await client.send(
            new sdk.CreateDeploymentCommand({
              applicationName: application,
              deploymentGroupName: group,
              description: describe(move),
              revision: { revisionType: "AppSpecContent", appSpecContent: { content, sha256 } },
              ...(ignoreAlarms && { overrideAlarmConfiguration: { enabled: false, alarms: [] } }),
            }),
          );
          if (deploymentId === undefined)
            throw new CommandError("CodeDeploy", "answered without a deployment's id");
          return deploymentId;
        },
      ),
    stop: (deploymentId) =>
      explained(`deployment ${deploymentId}`, "codedeploy:StopDeployment", async () => {
        try {
          await client.send(new sdk.StopDeploymentCommand({ deploymentId, autoRollbackEnabled: true }));
        } catch (error) {
          if ((error as Error).name !== "DeploymentAlreadyCompletedException") throw error;
        }
      }),
    close: () => client.destroy(),
  };
}

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html */
function appSpec({ deployedName, from, to }: Move): string {
  return JSON.stringify({
    version: 0.0,
    Resources: [
      {
        [deployedName]: {
          Type: "AWS::Lambda::Function",
          Properties: { Name: deployedName, Alias: "live", CurrentVersion: from, TargetVersion: to },
        },
      },
    ],
  });
}

/** Read again: CodeDeploy may give the revision back by its hash alone. */
function describe({ function: name, from, to }: Move): string {
  return `${name}: version ${from} to ${to}`;
}

function readDescription(description: string): string | undefined {
  return /^[\w-]+: version \d+ to (\d+)$/.exec(description)?.[1];
}
