import type { TerraformStack } from "cdktf";
import type * as z from "zod";
import { Certificate, DnsRecords, type DnsRecordsConfig, PrivateZone } from "../modules/dns";
import { LoadBalancer, type LoadBalancerConfig } from "../modules/load-balancer";
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

/** Where a name is registered. */
type Zone = Pick<DnsRecordsConfig, "zoneId" | "zoneName">;

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
    const { webAclArn } = this.config;
    const { network } = this.foundation;
    return this.add(name, this.publicZone, {
      internal: false,
      subnetIds: network.publicSubnetIds,
      ingressCidrs: everywhere(network),
      ...(webAclArn !== undefined && { webAclArn }),
    });
  }

  /** One that only CloudFront reaches, by `<name>.<domain>`, and by a header only one distribution. */
  addOrigin(name: string, prefixListId: string, originHeaderName: string): LoadBalancer {
    return this.add(name, this.publicZone, {
      internal: false,
      subnetIds: this.foundation.network.publicSubnetIds,
      ingressPrefixListIds: [prefixListId],
      originHeaderName,
    });
  }

  /** One that is reached from inside the VPC alone, by `internal.<domain>`, which the internet does not know. */
  addInternal(): LoadBalancer {
    const { domain, id } = this.config;
    const { deletionProtection, label, network } = this.foundation;
    const zone =
      domain &&
      new PrivateZone(this.stack, `${id}-zone`, {
        label,
        domainName: `internal.${domain.name}`,
        vpcIds: [network.vpcId],
        deletionProtection,
      });
    return this.add("internal", zone && { zoneId: zone.zoneId, zoneName: zone.domainName }, {
      internal: true,
      subnetIds: network.privateSubnetIds,
    });
  }

  private get publicZone(): Zone | undefined {
    const { domain } = this.config;
    return domain && { zoneId: domain.hostedZoneId, zoneName: domain.name };
  }

  private add(
    name: string,
    zone: Zone | undefined,
    fields: Pick<
      LoadBalancerConfig,
      "internal" | "subnetIds" | "ingressCidrs" | "ingressPrefixListIds" | "originHeaderName" | "webAclArn"
    >,
  ): LoadBalancer {
    const { domain, id } = this.config;
    const { accessLogBucket, alarmTopicArn, deletionProtection, label, network } = this.foundation;
    const host = domain && `${name}.${domain.name}`;
    const loadBalancer = new LoadBalancer(this.stack, `${id}-${name}-load-balancer`, {
      ...fields,
      label,
      name,
      vpcId: network.vpcId,
      protocol: domain ? "https" : "http",
      ...(host !== undefined && { domainName: host }),
      ...(this.certificateArn !== undefined && { certificateArn: this.certificateArn }),
      ipv6: network.vpcIpv6Cidr !== undefined,
      accessLogBucket,
      deletionProtection,
      alarmTopicArn,
    });
    if (zone && host !== undefined) {
      const { dnsName: aliasDnsName, zoneId: aliasZoneId } = loadBalancer;
      new DnsRecords(this.stack, `${id}-${name}-records`, {
        ...zone,
        aliases: [{ name: host, aliasDnsName, aliasZoneId }],
      });
    }
    return loadBalancer;
  }
}
