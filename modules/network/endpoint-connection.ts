import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { Alarm } from "../internal/alarm";
import { checkAll, checkWholeNumber } from "../internal/check";
import type { Label } from "../internal/label";
import { ClientSecurityGroups } from "../internal/security-groups";

/** A way from our VPC to an endpoint service of another one. */
export interface EndpointConnectionConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name of the service, e.g. `catalog`. */
  readonly name: string;
  /** Id of our VPC. */
  readonly vpcId: string;
  /** Subnets of the endpoint, one in each zone. The service must be in these zones. */
  readonly subnetIds: readonly string[];
  /** Name of the service, `com.amazonaws.vpce.<region>.vpce-svc-…`. */
  readonly serviceName: string;
  /** TCP port of the service. */
  readonly port: number;
  /**
   * The service's own name leads to the endpoint, in our VPC. AWS takes it only once the connection is accepted: where that is done by
   * hand, deploy without it first. @default false
   */
  readonly privateDnsEnabled?: boolean;
  /** SNS topic of the alarms. */
  readonly alarmTopicArn: string;
}

/**
 * Interface endpoint of our VPC to an endpoint service, with a security group for those who use it.
 *
 * @throws Error naming every field that is wrong, one to a line
 */
export class EndpointConnection extends Construct {
  /** Id of the endpoint, which the service's owner accepts. */
  readonly endpointId: string;
  /** Name of the endpoint, in all its zones. */
  readonly dnsName: string;
  /** Zone of that name, for alias records. */
  readonly hostedZoneId: string;
  /** Security group to give to what uses the service; it reaches the endpoint alone. */
  readonly clientSecurityGroupId: string;

  constructor(scope: Construct, id: string, config: EndpointConnectionConfig) {
    super(scope, id);
    checkConfig(config);
    const { label, name, vpcId } = config;
    const groups = new ClientSecurityGroups(this, "security-groups", {
      label,
      name: `${name}-endpoint`,
      title: `Endpoint of service ${name}`,
      vpcId,
      ports: [config.port],
    });
    const endpoint = new VpcEndpoint(this, "endpoint", {
      vpcId,
      vpcEndpointType: "Interface",
      serviceName: config.serviceName,
      subnetIds: [...config.subnetIds],
      securityGroupIds: [groups.serverGroupId],
      privateDnsEnabled: config.privateDnsEnabled ?? false,
      tags: { Name: label.name(name, 255) },
    });
    // https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-cloudwatch-metrics.html
    new Alarm(this, "dropped-alarm", {
      name: label.name(`${name}-endpoint-dropped`, 255),
      description: `The endpoint of service ${name} drops packets: ask the service's owner whether it is healthy and has accepted us.`,
      namespace: "AWS/PrivateLinkEndpoints",
      metricName: "PacketsDropped",
      dimensions: {
        "VPC Id": vpcId,
        "VPC Endpoint Id": endpoint.id,
        "Endpoint Type": "Interface",
        "Service Name": config.serviceName,
      },
      statistic: "Sum",
      threshold: 0,
      topicArn: config.alarmTopicArn,
    });
    const entry = endpoint.dnsEntry.get(0);
    this.endpointId = endpoint.id;
    this.dnsName = entry.dnsName;
    this.hostedZoneId = entry.hostedZoneId;
    this.clientSecurityGroupId = groups.clientGroupId;
  }
}

function checkConfig({ label, port, serviceName }: EndpointConnectionConfig): void {
  checkAll([
    () => checkWholeNumber("port", port, 1, 65_535),
    () => {
      if (Token.isUnresolved(serviceName)) return;
      const region = /^com\.amazonaws\.vpce\.([a-z0-9-]+)\.vpce-svc-[0-9a-f]+$/.exec(serviceName)?.[1];
      if (region === label.region) return;
      throw new Error(
        `serviceName must be an endpoint service of ${label.region} such as com.amazonaws.vpce.${label.region}.vpce-svc-0123456789abcdef0, ` +
          `got "${serviceName}"`,
      );
    },
  ]);
}
