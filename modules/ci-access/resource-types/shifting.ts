import type { Access, AccessTable } from "./access";

const APPLICATIONS = ["arn:aws:codedeploy:*:{account}:application:{prefix}-*"];
const GROUPS = ["arn:aws:codedeploy:*:{account}:deploymentgroup:{prefix}-*/{prefix}-*"];

const tags = (on: readonly string[]): Access => ({
  on,
  read: ["codedeploy:ListTagsForResource"],
  manage: ["codedeploy:TagResource", "codedeploy:UntagResource"],
});

/** What moves a function's traffic to a new version. */
export const SHIFTING: AccessTable = {
  aws_codedeploy_app: [
    tags(APPLICATIONS),
    {
      on: APPLICATIONS,
      read: ["codedeploy:GetApplication"],
      manage: [
        "codedeploy:CreateApplication",
        "codedeploy:DeleteApplication",
        "codedeploy:UpdateApplication",
      ],
    },
  ],
  aws_codedeploy_deployment_config: [
    {
      on: ["arn:aws:codedeploy:*:{account}:deploymentconfig:{prefix}-*"],
      read: ["codedeploy:GetDeploymentConfig"],
      manage: ["codedeploy:CreateDeploymentConfig", "codedeploy:DeleteDeploymentConfig"],
    },
  ],
  aws_codedeploy_deployment_group: [
    tags(GROUPS),
    {
      on: GROUPS,
      read: ["codedeploy:GetDeploymentGroup"],
      manage: [
        "codedeploy:CreateDeploymentGroup",
        "codedeploy:DeleteDeploymentGroup",
        "codedeploy:UpdateDeploymentGroup",
      ],
    },
  ],
};
