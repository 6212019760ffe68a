import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type PolicyStatement, Role } from "../internal/iam";
import type { Ec2CapacityInCluster } from "./config";

/** Role of the instances: what the ECS agent needs in its own cluster. Images and logs are the matter of each task's execution role. */
export class InstanceRole extends Construct {
  /** ARN of the instance profile. */
  readonly instanceProfileArn: string;
  /** The role's rights, to depend on. */
  readonly policy: ITerraformDependable;

  constructor(scope: Construct, id: string, config: Ec2CapacityInCluster) {
    super(scope, id);
    const name = config.label.name(`${config.name}-instances`);
    const role = new Role(this, "role", {
      name,
      trust: [{ principals: { Service: "ec2.amazonaws.com" } }],
      statements: [...agentStatements(config), ...(config.sessionManager ? [sessionManagerStatement()] : [])],
    });
    this.instanceProfileArn = new IamInstanceProfile(this, "profile", { name, role: role.name }).arn;
    this.policy = role.policy;
  }
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html, cut to one cluster */
function agentStatements({
  label: { region, accountId },
  clusterName,
}: Ec2CapacityInCluster): PolicyStatement[] {
  const arn = (resource: string) => `arn:aws:ecs:${region}:${accountId}:${resource}`;
  const cluster = arn(`cluster/${clusterName}`);
  return [
    {
      sid: "JoinCluster",
      actions: [
        "ecs:DeregisterContainerInstance",
        "ecs:RegisterContainerInstance",
        "ecs:SubmitAttachmentStateChanges",
        "ecs:SubmitContainerStateChange",
        "ecs:SubmitTaskStateChange",
      ],
      resources: [cluster],
    },
    {
      sid: "WorkForCluster",
      actions: ["ecs:Poll", "ecs:StartTelemetrySession", "ecs:UpdateContainerInstancesState"],
      resources: [arn(`container-instance/${clusterName}/*`)],
      conditions: { ArnEquals: { "ecs:cluster": cluster } },
    },
    {
      // It knows no resources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
      sid: "FindCluster",
      actions: ["ecs:DiscoverPollEndpoint"],
      resources: ["*"],
    },
  ];
}

/** Of AmazonSSMManagedInstanceCore what sessions need. The channels know no resources. */
function sessionManagerStatement(): PolicyStatement {
  return {
    sid: "OpenSessions",
    actions: [
      "ssm:UpdateInstanceInformation",
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ],
    resources: ["*"],
  };
}
