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
 * @module
 */
export { Network, type NetworkConfig } from "./network";
export { type SubnetCidrs, subnetCidrs } from "./subnet-cidrs";
