import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import { type PolicyStatement, policyDocument } from "../internal/iam";
import type { Label } from "../internal/label";

/** What the ways to AWS services need. */
export interface EndpointsConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Id of the VPC. */
  readonly vpcId: string;
  /** Range of the VPC. */
  readonly vpcCidr: string;
  /** All route tables of the VPC. */
  readonly routeTableIds: readonly string[];
  /** Subnets of the interface endpoints, one in each zone. */
  readonly subnetIds: readonly string[];
  /** Short names of the services with an interface endpoint, e.g. `secretsmanager`. */
  readonly interfaceEndpoints: readonly string[];
}

/** Services whose gateway endpoints cost nothing, so that every VPC has them. */
const GATEWAY_SERVICES = ["s3", "dynamodb"];

/**
 * Gateway endpoints to S3 and DynamoDB, interface endpoints to what else is named.
 *
 * @throws Error naming the interface endpoint that is no service name, comes twice or has a gateway already
 */
export class Endpoints extends Construct {
  /** Prefix list of DynamoDB's addresses, for security group rules. */
  readonly dynamodbPrefixListId: string;
  /** Prefix list of S3's addresses. */
  readonly s3PrefixListId: string;
  /** Security group of the interface endpoints; none when there are none. */
  readonly securityGroupId: string | undefined;

  constructor(scope: Construct, id: string, config: EndpointsConfig) {
    super(scope, id);
    checkInterfaceEndpoints(config.interfaceEndpoints);
    const { label, vpcId } = config;
    const gateway = (service: string, further: readonly PolicyStatement[] = []) =>
      new VpcEndpoint(this, service, {
        vpcId,
        vpcEndpointType: "Gateway",
        serviceName: serviceName(service, label),
        routeTableIds: [...config.routeTableIds],
        policy: policyDocument([ownResources(service, label), ...further]),
        tags: { Name: label.name(service, 255) },
      });
    this.s3PrefixListId = gateway("s3", [imageLayers(label)]).prefixListId;
    this.dynamodbPrefixListId = gateway("dynamodb").prefixListId;
    this.securityGroupId =
      config.interfaceEndpoints.length > 0 ? this.addInterfaceEndpoints(config) : undefined;
  }

  private addInterfaceEndpoints({ label, vpcId, ...config }: EndpointsConfig): string {
    const group = new SecurityGroup(this, "security-group", {
      name: label.name("endpoints", 255),
      description: "Interface endpoints: HTTPS from inside the VPC",
      vpcId,
      tags: { Name: label.name("endpoints", 255) },
    });
    new VpcSecurityGroupIngressRule(this, "https", {
      securityGroupId: group.id,
      description: "HTTPS from inside the VPC",
      cidrIpv4: config.vpcCidr,
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    });
    for (const service of config.interfaceEndpoints) {
      new VpcEndpoint(this, service, {
        vpcId,
        vpcEndpointType: "Interface",
        serviceName: serviceName(service, label),
        subnetIds: [...config.subnetIds],
        securityGroupIds: [group.id],
        privateDnsEnabled: true,
        tags: { Name: label.name(service, 255) },
      });
    }
    return group.id;
  }
}

function serviceName(service: string, { region }: Label): string {
  return `com.amazonaws.${region}.${service}`;
}

/**
 * Lets only this account's principals through, and only to this account's resources: a stolen key of another account
 * cannot carry data out of the VPC. It grants nothing by itself; what a role may do is its own policy's matter.
 */
function ownResources(service: string, { accountId }: Label): PolicyStatement {
  return {
    sid: "OwnPrincipalsAndResources",
    principals: "*",
    actions: [`${service}:*`],
    resources: ["*"],
    conditions: {
      StringEquals: { "aws:PrincipalAccount": accountId, "aws:ResourceAccount": accountId },
    },
  };
}

/**
 * Lets images be pulled from ECR, which keeps their layers in a bucket of AWS's own. To read, and not to write, so that it carries
 * nothing out. Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
 */
function imageLayers({ region }: Label): PolicyStatement {
  return {
    sid: "PullImageLayers",
    principals: "*",
    actions: ["s3:GetObject"],
    resources: [`arn:aws:s3:::prod-${region}-starport-layer-bucket/*`],
  };
}

function checkInterfaceEndpoints(services: readonly string[]): void {
  for (const [index, service] of services.entries()) {
    const path = `interfaceEndpoints[${index}]`;
    if (!/^[a-z0-9]+([.-][a-z0-9]+)*$/.test(service)) {
      throw new Error(`${path} must be a service's short name such as secretsmanager, got "${service}"`);
    }
    if (GATEWAY_SERVICES.includes(service)) {
      throw new Error(`${path}: "${service}" has a gateway endpoint, which costs nothing; remove it`);
    }
    if (services.indexOf(service) !== index) throw new Error(`${path}: "${service}" comes twice; remove one`);
  }
}
