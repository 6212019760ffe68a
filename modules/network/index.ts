/**
 * A VPC over two or three availability zones: isolated subnets always, private and public ones only where something must
 * reach the internet, gateway endpoints to S3 and DynamoDB, interface endpoints, flow logs, and a default security group
 * that lets nothing through. IPv6 where configured.
 *
 * | subnets | reach | made |
 * |---|---|---|
 * | isolated | the VPC, its endpoints | always |
 * | private | besides, the internet by NAT, and by an egress-only gateway where there is IPv6 | unless `nat` is `none` |
 * | public | the internet, and are reached from it | unless `nat` is `none` |
 *
 * S3 in the region is reached by the gateway endpoint alone, whatever the way out by IPv4, and that lets through this account's buckets and
 * ECR's image layers. AWS's other buckets are out of reach, those of Amazon Linux's packages among them: build what is needed into
 * the image.
 *
 * Containers in isolated subnets reach AWS by interface endpoints: `ecr.api`, `ecr.dkr` and `logs` for every task, `secretsmanager` for
 * secrets, `ssmmessages` for ECS Exec, `xray` for traces; on EC2 the hosts need `ecs`, `ecs-agent` and `ecs-telemetry` besides.
 *
 * | from another VPC | by |
 * |---|---|
 * | everything that security groups let through | `VpcPeering`, one for each other VPC |
 * | one service of ours | `EndpointService`, and an `EndpointConnection` in the other VPC |
 *
 * @module
 */
export { EndpointConnection, type EndpointConnectionConfig } from "./endpoint-connection";
export { EndpointService, type EndpointServiceConfig } from "./endpoint-service";
export { Network, type NetworkConfig } from "./network";
export { type SubnetCidrs, subnetCidrs } from "./subnet-cidrs";
export { VpcPeering, type VpcPeeringConfig } from "./vpc-peering";
