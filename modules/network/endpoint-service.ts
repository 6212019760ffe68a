import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { LbTargetGroupAttachment } from "@cdktf/provider-aws/lib/lb-target-group-attachment";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcEndpointConnectionAccepter } from "@cdktf/provider-aws/lib/vpc-endpoint-connection-accepter";
import { VpcEndpointService } from "@cdktf/provider-aws/lib/vpc-endpoint-service";
import { VpcEndpointServicePrivateDnsVerification } from "@cdktf/provider-aws/lib/vpc-endpoint-service-private-dns-verification";
import { Fn, Token } from "cdktf";
import { Construct } from "constructs";
import { Alarm } from "../internal/alarm";
import { checkAll, checkWholeNumber } from "../internal/check";
import type { Label } from "../internal/label";
import { allowTraffic } from "../internal/security-groups";

/** One of our services, for other VPCs. */
export interface EndpointServiceConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name of the service, e.g. `catalog`. */
  readonly name: string;
  /** Id of our VPC. */
  readonly vpcId: string;
  /** Subnets of the network load balancer, one in each zone; consumers can have endpoints in these zones alone. */
  readonly subnetIds: readonly string[];
  /** TCP port that consumers connect to. */
  readonly port: number;
  /** ARN of the listener of the application load balancer that answers. One of this and `targetIps`. */
  readonly albListenerArn?: string;
  /** What that listener speaks; it is asked by it whether it lives. @default "https" */
  readonly albProtocol?: "http" | "https";
  /** Addresses of our VPC that answer. One of this and `albListenerArn`. */
  readonly targetIps?: readonly string[];
  /** TCP port that the listener, or the addresses, listen on. @default that of `port` */
  readonly targetPort?: number;
  /** Security group of the application load balancer, or of the addresses: it gets a rule that lets this service in. */
  readonly targetSecurityGroupId: string;
  /** ARNs of accounts, roles or users that may connect, e.g. `arn:aws:iam::222222222222:root`. */
  readonly allowedPrincipals: readonly string[];
  /** Each connection waits until one of `acceptedEndpoints` names it, or a person accepts it. @default true */
  readonly acceptanceRequired?: boolean;
  /** Ids of endpoints that are accepted, by names of their owners. @default none */
  readonly acceptedEndpoints?: Readonly<Record<string, string>>;
  /** Name by which consumers may reach the service in their VPCs. Together with `privateDnsZoneId`. @default AWS's names alone */
  readonly privateDnsName?: string;
  /** Public zone of that name, where a record shows AWS that it is ours. */
  readonly privateDnsZoneId?: string;
  /** AWS refuses to delete the load balancer, and Terraform to destroy or replace it. */
  readonly deletionProtection: boolean;
  /** SNS topic of the alarms. */
  readonly alarmTopicArn: string;
}

/**
 * PrivateLink endpoint service: a network load balancer before an application load balancer or before addresses, which passes TCP on as it
 * comes. TLS goes through to what answers, and so there is no access log here: a network load balancer logs only the TLS it ends itself. What
 * answers logs requests, the flow logs connections.
 *
 * Its security group lets nobody in; consumers come by PrivateLink, which that does not hold back, and which asks for `allowedPrincipals`.
 *
 * @throws Error naming every field that is wrong, one to a line
 */
export class EndpointService extends Construct {
  /** Name that consumers connect to, `com.amazonaws.vpce.<region>.vpce-svc-…`. */
  readonly serviceName: string;
  /** Id of the endpoint service. */
  readonly serviceId: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly config: EndpointServiceConfig,
  ) {
    super(scope, id);
    checkConfig(config);
    const { label, name, privateDnsName } = config;
    const balancer = this.addLoadBalancer();
    const group = this.addTargets();
    new LbListener(this, "listener", {
      loadBalancerArn: balancer.arn,
      port: config.port,
      protocol: "TCP",
      defaultAction: [{ type: "forward", targetGroupArn: group.arn }],
    });
    const service = new VpcEndpointService(this, "service", {
      networkLoadBalancerArns: [balancer.arn],
      acceptanceRequired: config.acceptanceRequired ?? true,
      allowedPrincipals: [...config.allowedPrincipals],
      supportedIpAddressTypes: ["ipv4"],
      ...(privateDnsName !== undefined && { privateDnsName }),
      tags: { Name: label.name(name, 255) },
    });
    for (const [owner, vpcEndpointId] of Object.entries(config.acceptedEndpoints ?? {})) {
      new VpcEndpointConnectionAccepter(this, `accepted-${owner}`, {
        vpcEndpointServiceId: service.id,
        vpcEndpointId,
      });
    }
    if (privateDnsName !== undefined) this.verifyName(service, privateDnsName);
    this.addAlarms(balancer, group);
    this.serviceName = service.serviceName;
    this.serviceId = service.id;
  }

  private addLoadBalancer(): Lb {
    const { label, name, deletionProtection, targetSecurityGroupId } = this.config;
    const groupName = label.name(`${name}-link`, 255);
    const group = new SecurityGroup(this, "security-group", {
      name: groupName,
      description: `Endpoint service ${name}: nobody in, to what answers out`,
      vpcId: this.config.vpcId,
      tags: { Name: groupName },
    });
    allowTraffic(this, "traffic", {
      fromGroupId: group.id,
      toGroupId: targetSecurityGroupId,
      port: this.targetPort,
      description: `Endpoint service ${name}`,
    });
    return new Lb(this, "load-balancer", {
      name: label.name(`${name}-link`, 32),
      loadBalancerType: "network",
      internal: true,
      subnets: [...this.config.subnetIds],
      securityGroups: [group.id],
      enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "off",
      // A zone whose targets are gone goes on answering.
      enableCrossZoneLoadBalancing: true,
      enableDeletionProtection: deletionProtection,
      lifecycle: { preventDestroy: deletionProtection },
    });
  }

  private addTargets(): LbTargetGroup {
    const { label, name, albListenerArn, albProtocol = "https", targetIps = [] } = this.config;
    const kind = albListenerArn === undefined ? "ip" : "alb";
    const group = new LbTargetGroup(this, "targets", {
      // A target group never changes its port: another one is another group, made before the old one goes.
      name: label.name(`${name}-${kind}-${this.targetPort}`, 32),
      vpcId: this.config.vpcId,
      targetType: kind,
      protocol: "TCP",
      port: this.targetPort,
      healthCheck:
        kind === "ip"
          ? { protocol: "TCP" }
          : // Any answer shows that it lives; whether its own targets do, it knows itself, and says with a 503.
            { protocol: albProtocol.toUpperCase(), path: "/", matcher: "200-499" },
      lifecycle: { createBeforeDestroy: true },
    });
    const targets = albListenerArn === undefined ? targetIps : [albArn(albListenerArn)];
    targets.forEach((targetId, index) => {
      new LbTargetGroupAttachment(this, `target-${index + 1}`, {
        targetGroupArn: group.arn,
        targetId,
        port: this.targetPort,
      });
    });
    return group;
  }

  /** Shows AWS that the name is ours. https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html */
  private verifyName(service: VpcEndpointService, privateDnsName: string): void {
    const shown = service.privateDnsNameConfiguration.get(0);
    const record = new Route53Record(this, "private-dns-record", {
      zoneId: this.config.privateDnsZoneId as string,
      name: `${shown.name}.${privateDnsName}`,
      type: "TXT",
      ttl: 1800,
      records: [shown.value],
    });
    new VpcEndpointServicePrivateDnsVerification(this, "private-dns-verification", {
      serviceId: service.id,
      waitForVerification: true,
      dependsOn: [record],
    });
  }

  /** https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-cloudwatch-metrics.html */
  private addAlarms(balancer: Lb, group: LbTargetGroup): void {
    const { label, name, alarmTopicArn: topicArn } = this.config;
    const common = { namespace: "AWS/NetworkELB", topicArn, threshold: 0 };
    new Alarm(this, "unhealthy-alarm", {
      ...common,
      name: label.name(`${name}-link-unhealthy`, 255),
      description: `What answers for endpoint service ${name} fails its health check: look at it, then at its security group.`,
      metricName: "UnHealthyHostCount",
      dimensions: { LoadBalancer: balancer.arnSuffix, TargetGroup: group.arnSuffix },
      statistic: "Maximum",
    });
    new Alarm(this, "ports-alarm", {
      ...common,
      name: label.name(`${name}-link-ports`, 255),
      description: `Endpoint service ${name} refuses connections, as it has no ports left: give it more targets, or consumers fewer connections.`,
      metricName: "PortAllocationErrorCount",
      dimensions: { LoadBalancer: balancer.arnSuffix },
      statistic: "Sum",
    });
  }

  private get targetPort(): number {
    return this.config.targetPort ?? this.config.port;
  }
}

/**
 * ARN of the load balancer that a listener belongs to. By the listener's, so that the load balancer is made a target only once it
 * listens: AWS refuses it before.
 */
function albArn(listenerArn: string): string {
  const named = Fn.replace(listenerArn, ":listener/", ":loadbalancer/");
  return Fn.replace(named, "/[/][0-9a-f]+$/", "");
}

function checkConfig(config: EndpointServiceConfig): void {
  const { albListenerArn, allowedPrincipals, privateDnsName, privateDnsZoneId, targetIps } = config;
  checkAll([
    () => checkWholeNumber("port", config.port, 1, 65_535),
    () => config.targetPort !== undefined && checkWholeNumber("targetPort", config.targetPort, 1, 65_535),
    () => {
      if ((albListenerArn === undefined) !== (targetIps === undefined)) return;
      throw new Error(
        `one of albListenerArn and targetIps must be set, got ${albListenerArn === undefined ? "neither" : "both"}`,
      );
    },
    () => {
      if (targetIps?.length === 0) throw new Error("targetIps must hold at least 1 address, got 0");
    },
    () => {
      if (allowedPrincipals.length > 0) return;
      throw new Error("allowedPrincipals must hold at least 1 ARN, got 0: nobody could connect");
    },
    ...allowedPrincipals.map((principal, index) => () => {
      if (Token.isUnresolved(principal) || /^arn:aws:iam::\d{12}:(root|(user|role)\/.+)$/.test(principal))
        return;
      throw new Error(
        `allowedPrincipals[${index}] must be an ARN such as arn:aws:iam::222222222222:root, got "${principal}"`,
      );
    }),
    () => {
      if ((privateDnsName === undefined) === (privateDnsZoneId === undefined)) return;
      const [missing, given] =
        privateDnsName === undefined
          ? ["privateDnsName", "privateDnsZoneId"]
          : ["privateDnsZoneId", "privateDnsName"];
      throw new Error(`${missing} must be set with ${given}, got undefined`);
    },
  ]);
}
