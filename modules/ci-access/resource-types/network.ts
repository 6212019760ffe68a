import { type Access, type AccessTable, ANYWHERE } from "./access";

const of = (...kinds: readonly string[]) => kinds.map((kind) => `arn:aws:ec2:*:{account}:${kind}/*`);

/** EC2 lists whole regions. */
const listed = (...read: readonly string[]): Access => ({ on: ANYWHERE, read });

/** EC2 gives ids, not names: what is made is to carry the environment's tags. */
const made = (kind: string, ...manage: readonly string[]): Access => ({
  on: of(kind),
  tags: "request",
  manage,
});

/** What is changed, or taken part in what is made, carries them already: whatever it is. */
const used = (...manage: readonly string[]): Access => ({
  on: ["arn:aws:ec2:*:{account}:*"],
  tags: "resource",
  manage,
});

const SECURITY_GROUP_RULE: readonly Access[] = [
  listed("ec2:DescribeSecurityGroupRules"),
  made("security-group-rule", "ec2:AuthorizeSecurityGroupEgress", "ec2:AuthorizeSecurityGroupIngress"),
  used(
    "ec2:AuthorizeSecurityGroupEgress",
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:ModifySecurityGroupRules",
    "ec2:RevokeSecurityGroupEgress",
    "ec2:RevokeSecurityGroupIngress",
  ),
  used("ec2:ModifySecurityGroupRules"),
];

/** The VPC and what is in it. Tags of all of it: `policies.ts`. */
export const NETWORK: AccessTable = {
  aws_vpc: [
    listed(
      "ec2:DescribeNetworkAcls",
      "ec2:DescribeRouteTables",
      "ec2:DescribeSecurityGroups",
      "ec2:DescribeVpcs",
    ),
    { on: of("vpc"), read: ["ec2:DescribeVpcAttribute"] },
    made("vpc", "ec2:CreateVpc"),
    used(
      "ec2:AssociateVpcCidrBlock",
      "ec2:DeleteVpc",
      "ec2:DisassociateVpcCidrBlock",
      "ec2:ModifyVpcAttribute",
    ),
  ],
  aws_default_security_group: [
    listed("ec2:DescribeSecurityGroupRules", "ec2:DescribeSecurityGroups"),
    used("ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"),
  ],
  aws_subnet: [
    listed("ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"),
    made("subnet", "ec2:CreateSubnet"),
    used("ec2:CreateSubnet"),
    used(
      "ec2:AssociateSubnetCidrBlock",
      "ec2:DeleteSubnet",
      "ec2:DisassociateSubnetCidrBlock",
      "ec2:ModifySubnetAttribute",
    ),
  ],
  aws_internet_gateway: [
    listed("ec2:DescribeInternetGateways"),
    made("internet-gateway", "ec2:CreateInternetGateway"),
    used("ec2:AttachInternetGateway", "ec2:DetachInternetGateway"),
    used("ec2:DeleteInternetGateway"),
  ],
  aws_egress_only_internet_gateway: [
    listed("ec2:DescribeEgressOnlyInternetGateways"),
    made("egress-only-internet-gateway", "ec2:CreateEgressOnlyInternetGateway"),
    used("ec2:CreateEgressOnlyInternetGateway"),
    used("ec2:DeleteEgressOnlyInternetGateway"),
  ],
  aws_eip: [
    listed("ec2:DescribeAddresses", "ec2:DescribeAddressesAttribute"),
    made("elastic-ip", "ec2:AllocateAddress"),
    used("ec2:DisassociateAddress", "ec2:ReleaseAddress"),
  ],
  aws_nat_gateway: [
    listed("ec2:DescribeNatGateways"),
    made("natgateway", "ec2:CreateNatGateway"),
    used("ec2:CreateNatGateway"),
    used("ec2:DeleteNatGateway"),
  ],
  aws_route_table: [
    listed("ec2:DescribeRouteTables"),
    made("route-table", "ec2:CreateRouteTable"),
    used("ec2:CreateRouteTable"),
    used("ec2:DeleteRouteTable"),
  ],
  aws_route: [
    listed("ec2:DescribeRouteTables"),
    used("ec2:CreateRoute", "ec2:DeleteRoute", "ec2:ReplaceRoute"),
  ],
  aws_route_table_association: [
    listed("ec2:DescribeRouteTables"),
    used("ec2:AssociateRouteTable", "ec2:DisassociateRouteTable", "ec2:ReplaceRouteTableAssociation"),
  ],
  aws_flow_log: [
    listed("ec2:DescribeFlowLogs"),
    made("vpc-flow-log", "ec2:CreateFlowLogs"),
    used("ec2:CreateFlowLogs"),
    used("ec2:DeleteFlowLogs"),
  ],
  aws_security_group: [
    listed("ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroupRules", "ec2:DescribeSecurityGroups"),
    made("security-group", "ec2:CreateSecurityGroup"),
    used("ec2:CreateSecurityGroup"),
    // A new group lets everything out; the provider takes that away.
    used("ec2:DeleteSecurityGroup", "ec2:RevokeSecurityGroupEgress"),
  ],
  aws_vpc_security_group_egress_rule: SECURITY_GROUP_RULE,
  aws_vpc_security_group_ingress_rule: SECURITY_GROUP_RULE,
  aws_vpc_endpoint: [
    listed("ec2:DescribePrefixLists", "ec2:DescribeVpcEndpoints"),
    made("vpc-endpoint", "ec2:CreateVpcEndpoint"),
    used("ec2:CreateVpcEndpoint"),
    used("ec2:ModifyVpcEndpoint"),
    used("ec2:DeleteVpcEndpoints"),
  ],
  aws_vpc_endpoint_service: [
    listed("ec2:DescribeVpcEndpointServiceConfigurations"),
    { on: of("vpc-endpoint-service"), read: ["ec2:DescribeVpcEndpointServicePermissions"] },
    made("vpc-endpoint-service", "ec2:CreateVpcEndpointServiceConfiguration"),
    used(
      "ec2:DeleteVpcEndpointServiceConfigurations",
      "ec2:ModifyVpcEndpointServiceConfiguration",
      "ec2:ModifyVpcEndpointServicePermissions",
    ),
  ],
  aws_vpc_endpoint_service_private_dns_verification: [
    listed("ec2:DescribeVpcEndpointServiceConfigurations"),
    used("ec2:StartVpcEndpointServicePrivateDnsVerification"),
  ],
  aws_vpc_endpoint_connection_accepter: [
    listed("ec2:DescribeVpcEndpointConnections"),
    used("ec2:AcceptVpcEndpointConnections", "ec2:RejectVpcEndpointConnections"),
  ],
  // The other VPC of a peering and its route tables must carry the environment's tags: docs/deploying.md.
  aws_vpc_peering_connection: [
    listed("ec2:DescribeVpcPeeringConnections"),
    made("vpc-peering-connection", "ec2:CreateVpcPeeringConnection"),
    used("ec2:CreateVpcPeeringConnection"),
    used("ec2:AcceptVpcPeeringConnection"),
    used("ec2:DeleteVpcPeeringConnection"),
  ],
  aws_vpc_peering_connection_accepter: [
    listed("ec2:DescribeVpcPeeringConnections"),
    used("ec2:AcceptVpcPeeringConnection"),
  ],
  aws_vpc_peering_connection_options: [
    listed("ec2:DescribeVpcPeeringConnections"),
    used("ec2:ModifyVpcPeeringConnectionOptions"),
  ],
  "data.aws_ec2_managed_prefix_list": [
    listed("ec2:DescribeManagedPrefixLists"),
    // AWS's own lists, of the account `aws`.
    { on: ["arn:aws:ec2:*:aws:prefix-list/*"], read: ["ec2:GetManagedPrefixListEntries"] },
  ],
};
