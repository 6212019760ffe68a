import { ApiGatewayBasePathMapping } from "@cdktf/provider-aws/lib/api-gateway-base-path-mapping";
import { ApiGatewayDomainName } from "@cdktf/provider-aws/lib/api-gateway-domain-name";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";

/** An API's own domain name. */
export interface CustomDomainConfig {
  /** Domain name, e.g. `api.example.com`. */
  readonly domainName: string;
  /** ARN of its certificate, in the API's region. */
  readonly certificateArn: string;
  readonly restApiId: string;
  readonly stageName: string;
  /** First path segment that leads to the stage: the version, so that versions live side by side. */
  readonly basePath: string;
  /** Route 53 zone of the alias record. @default none */
  readonly hostedZoneId?: string;
}

/** Regional custom domain of a REST API, TLS 1.2 at least. */
export class CustomDomain extends Construct {
  /** Base URL, `https://<domain>/<version>`. */
  readonly url: string;

  constructor(scope: Construct, id: string, config: CustomDomainConfig) {
    super(scope, id);
    const domain = new ApiGatewayDomainName(this, "domain", {
      domainName: config.domainName,
      regionalCertificateArn: config.certificateArn,
      endpointConfiguration: { types: ["REGIONAL"] },
      securityPolicy: "TLS_1_2",
    });
    new ApiGatewayBasePathMapping(this, "mapping", {
      apiId: config.restApiId,
      stageName: config.stageName,
      domainName: domain.domainName,
      basePath: config.basePath,
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
    this.url = `https://${config.domainName}/${config.basePath}`;
  }
}
