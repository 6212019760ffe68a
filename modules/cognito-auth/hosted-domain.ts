import type { CognitoUserPool } from "@cdktf/provider-aws/lib/cognito-user-pool";
import { CognitoUserPoolDomain } from "@cdktf/provider-aws/lib/cognito-user-pool-domain";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import type { Construct } from "constructs";
import { type CognitoAuthConfig, thingName } from "./config";

/** Where the sign-in page and the OAuth2 endpoints are. */
export interface HostedDomain {
  /** Base URL, without a slash at the end. */
  readonly url: string;
  /** The CloudFront distribution that an own domain's alias record must lead to. */
  readonly aliasTarget?: string;
}

/**
 * Adds the domain of the sign-in page, and its records where the zone is given. The page's first version: the later one is blank
 * without branding, which the provider lacks.
 */
export function addHostedDomain(
  scope: Construct,
  pool: CognitoUserPool,
  config: CognitoAuthConfig,
): HostedDomain {
  const { label, domainName, certificateArn, hostedZoneId } = config;
  if (domainName !== undefined && certificateArn !== undefined) {
    const own = new CognitoUserPoolDomain(scope, "domain", {
      userPoolId: pool.id,
      domain: domainName,
      certificateArn,
      managedLoginVersion: 1,
    });
    if (hostedZoneId !== undefined) {
      for (const type of ["A", "AAAA"]) {
        new Route53Record(scope, `domain-${type}`, {
          zoneId: hostedZoneId,
          name: domainName,
          type,
          alias: {
            name: own.cloudfrontDistribution,
            zoneId: own.cloudfrontDistributionZoneId,
            evaluateTargetHealth: false,
          },
        });
      }
    }
    return { url: `https://${own.domain}`, aliasTarget: own.cloudfrontDistribution };
  }
  const prefix = new CognitoUserPoolDomain(scope, "domain", {
    userPoolId: pool.id,
    domain: label.globalName(thingName(config, "auth")),
    managedLoginVersion: 1,
  });
  return { url: `https://${prefix.domain}.auth.${label.region}.amazoncognito.com` };
}
