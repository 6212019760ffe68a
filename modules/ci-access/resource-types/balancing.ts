import { type Access, type AccessTable, ANYWHERE } from "./access";

const balancers = (kind: string) => [
  `arn:aws:elasticloadbalancing:*:{account}:${kind}/app/{prefix32}*`,
  `arn:aws:elasticloadbalancing:*:{account}:${kind}/net/{prefix32}*`,
];
const TARGET_GROUPS = ["arn:aws:elasticloadbalancing:*:{account}:targetgroup/{prefix32}*"];

/** Elastic Load Balancing lists whole regions. */
const listed = (...read: readonly string[]): Access => ({ on: ANYWHERE, read });

const tagged = (on: readonly string[]): Access => ({
  on,
  manage: ["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"],
});

const LISTENER = listed(
  "elasticloadbalancing:DescribeListenerAttributes",
  "elasticloadbalancing:DescribeListenerCertificates",
  "elasticloadbalancing:DescribeListeners",
  "elasticloadbalancing:DescribeTags",
);
const LOAD_BALANCER = listed(
  "elasticloadbalancing:DescribeCapacityReservation",
  "elasticloadbalancing:DescribeLoadBalancerAttributes",
  "elasticloadbalancing:DescribeLoadBalancers",
  "elasticloadbalancing:DescribeTags",
);

/** Load balancers and what they send requests to. */
export const BALANCING: AccessTable = {
  aws_lb: [
    LOAD_BALANCER,
    tagged(balancers("loadbalancer")),
    {
      on: balancers("loadbalancer"),
      manage: [
        "elasticloadbalancing:CreateLoadBalancer",
        "elasticloadbalancing:DeleteLoadBalancer",
        "elasticloadbalancing:ModifyLoadBalancerAttributes",
        "elasticloadbalancing:SetIpAddressType",
        "elasticloadbalancing:SetSecurityGroups",
        "elasticloadbalancing:SetSubnets",
      ],
    },
  ],
  aws_lb_listener: [
    LISTENER,
    tagged(balancers("listener")),
    { on: balancers("loadbalancer"), manage: ["elasticloadbalancing:CreateListener"] },
    {
      on: balancers("listener"),
      manage: [
        "elasticloadbalancing:DeleteListener",
        "elasticloadbalancing:ModifyListener",
        "elasticloadbalancing:ModifyListenerAttributes",
      ],
    },
  ],
  aws_lb_listener_certificate: [
    listed("elasticloadbalancing:DescribeListenerCertificates"),
    {
      on: balancers("listener"),
      manage: [
        "elasticloadbalancing:AddListenerCertificates",
        "elasticloadbalancing:RemoveListenerCertificates",
      ],
    },
  ],
  aws_lb_listener_rule: [
    listed("elasticloadbalancing:DescribeRules", "elasticloadbalancing:DescribeTags"),
    tagged(balancers("listener-rule")),
    { on: balancers("listener"), manage: ["elasticloadbalancing:CreateRule"] },
    {
      on: balancers("listener-rule"),
      manage: [
        "elasticloadbalancing:DeleteRule",
        "elasticloadbalancing:ModifyRule",
        "elasticloadbalancing:SetRulePriorities",
      ],
    },
  ],
  aws_lb_target_group: [
    listed(
      "elasticloadbalancing:DescribeTags",
      "elasticloadbalancing:DescribeTargetGroupAttributes",
      "elasticloadbalancing:DescribeTargetGroups",
      "elasticloadbalancing:DescribeTargetHealth",
    ),
    tagged(TARGET_GROUPS),
    {
      on: TARGET_GROUPS,
      manage: [
        "elasticloadbalancing:CreateTargetGroup",
        "elasticloadbalancing:DeleteTargetGroup",
        "elasticloadbalancing:ModifyTargetGroup",
        "elasticloadbalancing:ModifyTargetGroupAttributes",
      ],
    },
  ],
  aws_lb_target_group_attachment: [
    listed("elasticloadbalancing:DescribeTargetHealth"),
    {
      on: TARGET_GROUPS,
      manage: ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
    },
  ],
  "data.aws_lb": [LOAD_BALANCER],
  "data.aws_lb_listener": [LISTENER],
};
