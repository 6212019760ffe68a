/**
 * A VPC over two or three availability zones: isolated subnets always, private and public ones only where something must
 * reach the internet, gateway endpoints to S3 and DynamoDB, interface endpoints, flow logs, and a default security group
 * that lets nothing through.
 *
 * | subnets | reach | made |
 * |---|---|---|
 * | isolated | the VPC, its endpoints | always |
 * | private | besides, the internet by NAT | unless `nat` is `none` |
 * | public | the internet, and are reached from it | unless `nat` is `none` |
 *
 * S3 in the region is reached by the gateway endpoint alone, whatever the way out, and that lets through this account's buckets and
 * ECR's image layers. AWS's other buckets are out of reach, those of Amazon Linux's packages among them: build what is needed into
 * the image.
 *
 * @module
 */
export { Network, type NetworkConfig } from "./network";
export { type SubnetCidrs, subnetCidrs } from "./subnet-cidrs";
export { VpcPeering, type VpcPeeringConfig } from "./vpc-peering";
