import { Construct } from "constructs";
import { addAuthAlarms } from "./alarms";
import { checkConfig } from "./check";
import type { CognitoAuthConfig } from "./config";
import { addFederation } from "./federation";
import { addHostedDomain } from "./hosted-domain";
import { addIdentityPool } from "./identity-pool";
import { addMobileClient } from "./mobile-client";
import { schemaGuard } from "./schema-guard";
import { addThreatProtection } from "./threat-protection";
import { addUserPool } from "./user-pool";

/**
 * User pool, client of the mobile app, sign-in pages and identity pool of one environment.
 *
 * @throws Error with one line for each field that is wrong
 */
export class CognitoAuth extends Construct {
  /** Id of the user pool. */
  readonly userPoolId: string;
  /** ARN of the user pool, for authorizers. */
  readonly userPoolArn: string;
  /** Id of the mobile app's client: the audience of its ID tokens. */
  readonly mobileClientId: string;
  /** Id of the identity pool. */
  readonly identityPoolId: string;
  /** Issuer of the tokens; its keys are at `<issuer>/.well-known/jwks.json`. */
  readonly issuerUrl: string;
  /** Base URL of the sign-in page and the OAuth2 endpoints, without a slash at the end. */
  readonly hostedDomainUrl: string;
  /** CloudFront distribution that the record of an own domain must be an alias of; undefined without an own domain. */
  readonly hostedDomainAliasTarget: string | undefined;
  /** Name of the role of signed-in users. */
  readonly authenticatedRoleName: string;

  constructor(scope: Construct, id: string, config: CognitoAuthConfig) {
    super(scope, id);
    checkConfig(config);
    const pool = addUserPool(this, config);
    addThreatProtection(this, pool, config);
    const client = addMobileClient(this, pool, {
      ...config,
      providerNames: addFederation(this, pool, config),
      precondition: schemaGuard(this, pool, config.customAttributes ?? []),
    });
    const domain = addHostedDomain(this, pool, config);
    const identities = addIdentityPool(this, pool, client, config);
    addAuthAlarms(this, pool, client, config);

    this.userPoolId = pool.id;
    this.userPoolArn = pool.arn;
    this.mobileClientId = client.id;
    this.identityPoolId = identities.id;
    this.issuerUrl = `https://${pool.endpoint}`;
    this.hostedDomainUrl = domain.url;
    this.hostedDomainAliasTarget = domain.aliasTarget;
    this.authenticatedRoleName = identities.authenticatedRole.name;
  }
}
