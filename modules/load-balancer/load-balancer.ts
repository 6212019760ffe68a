import { Lb } from "@cdktf/provider-aws/lib/lb";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { LOAD_BALANCER_LOG_PREFIX } from "../internal/bucket";
import { checkWholeNumber } from "../internal/check";
import { type ListenerTarget, ruleConditions } from "../internal/listener-rule";
import { addAlarms } from "./alarms";
import { checkConfig } from "./check";
import type { LoadBalancerConfig, RuleConfig } from "./config";
import { addListener, addRedirect } from "./listeners";
import { LoadBalancerSecurityGroups } from "./security-groups";

/** Place of the rule for all that no other matches: the last there is. */
const LAST_PRIORITY = 50_000;

/**
 * Application load balancer with its listeners, security groups and alarms.
 *
 * @throws Error naming the field that is missing, out of range or at odds with another
 */
export class LoadBalancer extends Construct {
  /** Domain name that AWS gave it. */
  readonly dnsName: string;
  /** Route 53 zone of that name, for alias records. */
  readonly zoneId: string;
  /** ARN of the load balancer. */
  readonly arn: string;
  /** What CloudWatch knows it by: the end of its ARN. */
  readonly arnSuffix: string;
  /** ARN of the listener that rules are put on. */
  readonly listenerArn: string;
  /** Security group of the load balancer. */
  readonly securityGroupId: string;
  /** Port of the listener. */
  readonly port: number;
  /** Where it is called, without a slash at the end. */
  readonly url: string;

  private readonly clientGroupId: string | undefined;
  private readonly takenPriorities = new Set<number>();

  constructor(
    scope: Construct,
    id: string,
    private readonly config: LoadBalancerConfig,
  ) {
    super(scope, id);
    checkConfig(config);
    const { label, internal, ingressCidrs = [], protocol = "https" } = config;
    this.port = config.port ?? (protocol === "https" ? 443 : 80);
    const redirect = config.httpRedirect ?? (protocol === "https" && !internal && ingressCidrs.length > 0);
    const groups = new LoadBalancerSecurityGroups(this, "security-groups", config, this.port, redirect);
    const name = label.name(config.name, 32);
    const logs = {
      bucket: config.accessLogBucket,
      prefix: `${LOAD_BALANCER_LOG_PREFIX}/${name}`,
      enabled: true,
    };
    const lb = new Lb(this, "load-balancer", {
      name,
      loadBalancerType: "application",
      internal,
      ipAddressType: config.ipv6 ? "dualstack" : "ipv4",
      subnets: [...config.subnetIds],
      securityGroups: [groups.loadBalancerGroupId],
      dropInvalidHeaderFields: true,
      desyncMitigationMode: config.desyncMitigation ?? "strictest",
      enableHttp2: true,
      idleTimeout: config.idleTimeoutSeconds ?? 60,
      enableDeletionProtection: config.deletionProtection,
      accessLogs: logs,
      connectionLogs: logs,
      lifecycle: { preventDestroy: config.deletionProtection },
    });
    this.listenerArn = addListener(this, lb, config, this.port);
    if (redirect) addRedirect(this, lb, this.port);
    if (config.webAclArn !== undefined) {
      new Wafv2WebAclAssociation(this, "firewall", { resourceArn: lb.arn, webAclArn: config.webAclArn });
    }
    addAlarms(this, config, lb.arnSuffix);
    this.dnsName = lb.dnsName;
    this.zoneId = lb.zoneId;
    this.arn = lb.arn;
    this.arnSuffix = lb.arnSuffix;
    this.securityGroupId = groups.loadBalancerGroupId;
    this.clientGroupId = groups.clientGroupId;
    const usual = this.port === (protocol === "https" ? 443 : 80);
    this.url = `${protocol}://${config.domainName ?? lb.dnsName}${usual ? "" : `:${this.port}`}`;
  }

  /**
   * Security group to give to what calls it from inside the VPC; its members reach the listener, and by it nothing else.
   *
   * @throws Error when it is not internal: members of a group reach a public load balancer by its public addresses, without their group
   */
  get clientSecurityGroupId(): string {
    if (this.clientGroupId !== undefined) return this.clientGroupId;
    throw new Error(`load balancer ${this.config.name} is not internal and has no clients' security group`);
  }

  /**
   * Gives a place among the rules away, for a service to fill.
   *
   * @throws Error naming the priority that is taken or out of range, the condition that says nothing or more than AWS takes, or the
   * header by which only a CDN is let in, where it is missing or written out
   */
  addRule({ priority, ...match }: RuleConfig): ListenerTarget {
    checkWholeNumber("priority", priority, 1, LAST_PRIORITY - 1);
    return this.giveAway(priority, match);
  }

  /**
   * Gives the place for all requests that no other rule matches. Without it they are answered with 404.
   *
   * @param headers values of headers that these requests must have, by the header's name. @default any
   * @throws Error when it is taken, or as `addRule`
   */
  addDefault(headers?: RuleConfig["headers"]): ListenerTarget {
    return this.giveAway(LAST_PRIORITY, { pathPatterns: ["/*"], ...(headers !== undefined && { headers }) });
  }

  private giveAway(priority: number, match: Omit<RuleConfig, "priority">): ListenerTarget {
    const { name, originHeaderName } = this.config;
    const rule = `load balancer ${name}, rule ${priority}`;
    if (this.takenPriorities.has(priority)) {
      throw new Error(`${rule}: the priority is taken; give each rule its own`);
    }
    ruleConditions(rule, match);
    if (originHeaderName !== undefined) checkOriginHeader(rule, originHeaderName, match.headers);
    this.takenPriorities.add(priority);
    return {
      ...match,
      loadBalancerName: name,
      loadBalancerArnSuffix: this.arnSuffix,
      listenerArn: this.listenerArn,
      loadBalancerSecurityGroupId: this.securityGroupId,
      priority,
    };
  }
}

function checkOriginHeader(rule: string, name: string, headers: RuleConfig["headers"] = {}): void {
  const values = headers[name];
  if (values === undefined) {
    throw new Error(`${rule}: headers must hold "${name}", or the rule lets everybody past the CDN`);
  }
  if (values.every((value) => Token.isUnresolved(value))) return;
  throw new Error(`${rule}: headers["${name}"] must hold references to a secret, got text`);
}
