import { ApiGatewayDomainName } from "@cdktf/provider-aws/lib/api-gateway-domain-name";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";

/** An own domain name for APIs. */
export interface ApiDomainConfig {
  /** Domain name, e.g. `api.example.com`. */
  readonly domainName: string;
  /** ARN of its certificate, in the APIs' region. */
  readonly certificateArn: string;
  /** Route 53 zone of the alias records. @default none: the record is kept elsewhere */
  readonly hostedZoneId?: string;
}

/**
 * Regional custom domain, TLS 1.2 at least. Every version of an API lives below it: `https://<domain>/v1`,
 * `https://<domain>/v2`.
 */
export class ApiDomain extends Construct {
  /** The domain name; an API that takes it follows the domain. */
  readonly domainName: string;
  /** What a CNAME record must point at where the zone is kept elsewhere. */
  readonly target: string;

  constructor(scope: Construct, id: string, config: ApiDomainConfig) {
    super(scope, id);
    const domain = new ApiGatewayDomainName(this, "domain", {
      domainName: config.domainName,
      regionalCertificateArn: config.certificateArn,
      endpointConfiguration: { types: ["REGIONAL"] },
      securityPolicy: "TLS_1_2",
    });
    if (config.hostedZoneId !== undefined) {
      for (const type of ["A", "AAAA"]) {
        new Route53Record(this, type, {
          zoneId: config.hostedZoneId,
          name: config.domainName,
          type,
          alias: {
            name: domain.regionalDomainName,
            zoneId: domain.regionalZoneId,
            evaluateTargetHealth: false,
          },
        });
      }
    }
    this.domainName = domain.domainName;
    this.target = domain.regionalDomainName;
  }
}
