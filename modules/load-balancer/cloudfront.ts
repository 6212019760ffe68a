import { DataAwsEc2ManagedPrefixList } from "@cdktf/provider-aws/lib/data-aws-ec2-managed-prefix-list";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Token } from "cdktf";
import { Construct } from "constructs";
import type { Label } from "../internal/label";
import { ListenerRule } from "../internal/listener-rule";

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/LocationsOfEdgeServers.html */
const ORIGIN_FACING = "com.amazonaws.global.cloudfront.origin-facing";

/**
 * The addresses by which CloudFront calls origins, kept current by AWS. In a security group the list counts as 55 rules of the 60
 * that there may be, so it fits once.
 */
export class CloudFrontPrefixList extends Construct {
  /** Id of the prefix list in the region. */
  readonly prefixListId: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.prefixListId = new DataAwsEc2ManagedPrefixList(this, "list", { name: ORIGIN_FACING }).id;
  }
}

/** A way in for one distribution of CloudFront, at a load balancer that is there already. */
export interface CloudFrontIngressConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name of what is behind the load balancer, e.g. `updates`. */
  readonly name: string;
  /** Security group of the load balancer. It should let nobody else in. */
  readonly securityGroupId: string;
  /** ARN of the listener. Its default action should refuse, e.g. with a fixed response 403. */
  readonly listenerArn: string;
  /** Port of the listener. @default 443 */
  readonly port?: number;
  /** Place among the listener's rules, 1 to 50000: the lowest that matches decides. */
  readonly priority: number;
  /** Where the requests go. */
  readonly targetGroupArn: string;
  /** Header that only this distribution sends: `originHeaderName` of modules/cdn-downloads. */
  readonly originHeaderName: string;
  /** Values that are taken, 1 to 3, as references to a secret: `originHeaderValues` of modules/cdn-downloads. */
  readonly originHeaderValues: readonly string[];
  /** Patterns of the paths, e.g. `/downloads/*`. @default all paths */
  readonly pathPatterns?: readonly string[];
}

/**
 * Lets CloudFront, and by a secret header only one distribution of it, through to a target group.
 *
 * @throws Error naming the value of the header that is written out, or the condition that AWS would not take
 */
export class CloudFrontIngress extends Construct {
  constructor(scope: Construct, id: string, config: CloudFrontIngressConfig) {
    super(scope, id);
    const { port = 443, originHeaderName, originHeaderValues, pathPatterns } = config;
    if (!originHeaderValues.every((value) => Token.isUnresolved(value))) {
      throw new Error("originHeaderValues must hold references to a secret, got text");
    }
    new VpcSecurityGroupIngressRule(this, "from-cloudfront", {
      securityGroupId: config.securityGroupId,
      prefixListId: new CloudFrontPrefixList(this, "cloudfront").prefixListId,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      description: "CloudFront",
    });
    new ListenerRule(this, "distribution", {
      name: config.label.name(config.name, 255),
      listenerArn: config.listenerArn,
      priority: config.priority,
      targetGroupArn: config.targetGroupArn,
      headers: { [originHeaderName]: originHeaderValues },
      ...(pathPatterns !== undefined && { pathPatterns }),
    });
  }
}
