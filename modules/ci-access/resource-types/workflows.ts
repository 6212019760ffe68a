import { type AccessTable, ANYWHERE } from "./access";

const STATE_MACHINES = ["arn:aws:states:*:{account}:stateMachine:{prefix}-*"];

/** Workflows. Their definitions are encrypted: who reads them decrypts them, by a statement of its own (policies.ts). */
export const WORKFLOWS: AccessTable = {
  aws_sfn_state_machine: [
    // Every plan with a changed definition has it validated.
    { on: ANYWHERE, read: ["states:ValidateStateMachineDefinition"] },
    {
      on: STATE_MACHINES,
      read: ["states:DescribeStateMachine", "states:ListStateMachineVersions", "states:ListTagsForResource"],
      manage: [
        "states:CreateStateMachine",
        "states:DeleteStateMachine",
        "states:TagResource",
        "states:UntagResource",
        "states:UpdateStateMachine",
      ],
    },
  ],
};
