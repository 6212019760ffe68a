import type { TerraformStack } from "cdktf";
import type * as z from "zod";
import { Certificate, DnsRecords, PrivateZone } from "../modules/dns";
import { LoadBalancer } from "../modules/load-balancer";
import type { serviceDomain } from "./container-spec";
import type { Foundation } from "./foundation";
import { everywhere } from "./internet";

/** How the load balancers of a system are reached. */
export interface LoadBalancersConfig {
  /** Start of the ids, e.g. `microservices`. */
  readonly id: string;
  /** @default plain HTTP, under names that AWS gives */
  readonly domain?: z.output<typeof serviceDomain>;
  /** ARN of the regional web ACL before those that the internet reaches. @default none */
  readonly webAclArn?: string;
}

/** The load balancers of a system, with one certificate and their names in one domain. */
export class LoadBalancers {
  /** ARN of the certificate of `*.<domain>`. Undefined without a domain. */
  readonly certificateArn: string | undefined;

  constructor(
    private readonly stack: TerraformStack,
    private readonly config: LoadBalancersConfig,
    private readonly foundation: Foundation & Required<Pick<Foundation, "network">>,
  ) {
    const { domain, id } = config;
    this.certificateArn =
      domain &&
      (domain.certificateArn ??
        new Certificate(stack, `${id}-certificate`, {
          label: foundation.label,
          domainName: `*.${domain.name}`,
          zoneId: domain.hostedZoneId,
          alarmTopicArn: foundation.alarmTopicArn,
        }).certificateArn);
  }

  /** One that the internet reaches, by `<name>.<domain>`. */
  addPublic(name: string): LoadBalancer {
    const { domain, webAclArn } = this.config;
    const loadBalancer = this.add(name, name, {
      internal: false,
      subnetIds: this.foundation.network.publicSubnetIds,
      ingressCidrs: everywhere(this.foundation.network),
      ...(webAclArn !== undefined && { webAclArn }),
    });
    if (domain) this.register(name, `${name}.${domain.name}`, loadBalancer, domain.hostedZoneId, domain.name);
    return loadBalancer;
  }

  /** One that only CloudFront reaches, by `<name>.<domain>`, and by a header only one distribution. */
  addOrigin(name: string, prefixListId: string, originHeaderName: string): LoadBalancer {
    const { domain } = this.config;
    const loadBalancer = this.add(name, name, {
      internal: false,
      subnetIds: this.foundation.network.publicSubnetIds,
      ingressPrefixListIds: [prefixListId],
      originHeaderName,
    });
    if (domain) this.register(name, `${name}.${domain.name}`, loadBalancer, domain.hostedZoneId, domain.name);
    return loadBalancer;
  }

  /** One that is reached from inside the VPC alone, by `internal.<domain>`, which the internet does not know. */
  addInternal(): LoadBalancer {
    const { domain, id } = this.config;
    const { deletionProtection, label, network } = this.foundation;
    const loadBalancer = this.add("internal", "internal", {
      internal: true,
      subnetIds: network.privateSubnetIds,
    });
    if (domain) {
      const zone = new PrivateZone(this.stack, `${id}-zone`, {
        label,
        domainName: `internal.${domain.name}`,
        vpcIds: [network.vpcId],
        deletionProtection,
      });
      this.register("internal", zone.domainName, loadBalancer, zone.zoneId, zone.domainName);
    }
    return loadBalancer;
  }

  private add(
    name: string,
    host: string,
    fields: Pick<
      ConstructorParameters<typeof LoadBalancer>[2],
      "internal" | "subnetIds" | "ingressCidrs" | "ingressPrefixListIds" | "originHeaderName" | "webAclArn"
    >,
  ): LoadBalancer {
    const { domain, id } = this.config;
    const { accessLogBucket, alarmTopicArn, deletionProtection, label, network } = this.foundation;
    return new LoadBalancer(this.stack, `${id}-${name}-load-balancer`, {
      ...fields,
      label,
      name,
      vpcId: network.vpcId,
      protocol: domain ? "https" : "http",
      ...(domain && { domainName: `${host}.${domain.name}` }),
      ...(this.certificateArn !== undefined && { certificateArn: this.certificateArn }),
      ipv6: network.vpcIpv6Cidr !== undefined,
      accessLogBucket,
      deletionProtection,
      alarmTopicArn,
    });
  }

  private register(
    id: string,
    name: string,
    { dnsName, zoneId: aliasZoneId }: LoadBalancer,
    zoneId: string,
    zoneName: string,
  ): void {
    new DnsRecords(this.stack, `${this.config.id}-${id}-records`, {
      zoneId,
      zoneName,
      aliases: [{ name, aliasDnsName: dnsName, aliasZoneId }],
    });
  }
}
