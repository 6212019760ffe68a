import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Route53HostedZoneDnssec } from "@cdktf/provider-aws/lib/route53-hosted-zone-dnssec";
import { Route53KeySigningKey } from "@cdktf/provider-aws/lib/route53-key-signing-key";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { Alarm } from "../internal/alarm";
import { checkWholeNumber } from "../internal/check";
import { type PolicyStatement, policyDocument } from "../internal/iam";
import type { Label } from "../internal/label";

/** DNSSEC of one public zone. */
export interface ZoneSigningConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Domain of the zone. */
  readonly domainName: string;
  /** Id of the zone. */
  readonly zoneId: string;
  /** Days between the request to delete the key and its end, 7 to 30. */
  readonly keyDeletionDays: number;
  /** Terraform refuses to destroy or replace the key. */
  readonly deletionProtection: boolean;
  /** SNS topic of the alarms, in us-east-1, as Route 53 measures there. */
  readonly globalAlarmTopicArn: string;
  /** Provider of us-east-1, where the key must be. @default the stack's own */
  readonly globalProvider?: TerraformProvider;
}

/**
 * Signs the answers of a public zone. Resolvers check them once the registrar, or the zone above, has the `dsRecord`. Take that out and wait
 * two days before this goes: until then the zone is wrong to every resolver that checks.
 *
 * @throws Error when `keyDeletionDays` is out of range
 */
export class ZoneSigning extends Construct {
  /** What the registrar or the zone above must have. */
  readonly dsRecord: string;

  constructor(scope: Construct, id: string, config: ZoneSigningConfig) {
    super(scope, id);
    const { label, domainName, zoneId } = config;
    checkWholeNumber("keyDeletionDays", config.keyDeletionDays, 7, 30);
    const provider = config.globalProvider && { provider: config.globalProvider };
    const key = new KmsKey(this, "key", {
      description: `DNSSEC of ${domainName}`,
      // KMS rotates no key that signs.
      customerMasterKeySpec: "ECC_NIST_P256",
      keyUsage: "SIGN_VERIFY",
      deletionWindowInDays: config.keyDeletionDays,
      policy: policyDocument(keyStatements(label)),
      lifecycle: { preventDestroy: config.deletionProtection },
      ...provider,
    });
    const signingKey = new Route53KeySigningKey(this, "signing-key", {
      hostedZoneId: zoneId,
      keyManagementServiceArn: key.arn,
      name: "primary",
    });
    new Route53HostedZoneDnssec(this, "signing", {
      // Of the key, so that signing starts once there is one.
      hostedZoneId: signingKey.hostedZoneId,
      signingStatus: "SIGNING",
    });
    for (const { id: alarmId, metricName, description } of [
      {
        id: "failure",
        metricName: "DNSSECInternalFailure",
        description: `A key of zone ${domainName} cannot sign: resolvers that check refuse the zone. Look at the key signing key and its KMS key.`,
      },
      {
        id: "action",
        metricName: "DNSSECKeySigningKeysNeedingAction",
        description: `A key signing key of zone ${domainName} needs action: look whether its KMS key is enabled and its policy unchanged.`,
      },
    ]) {
      new Alarm(this, `${alarmId}-alarm`, {
        name: label.name(`${domainName}-dnssec-${alarmId}`, 255),
        description,
        namespace: "AWS/Route53",
        metricName,
        dimensions: { HostedZoneId: zoneId },
        statistic: "Maximum",
        threshold: 0,
        // Route 53 measures these every four hours.
        periodSeconds: 14_400,
        evaluationPeriods: 1,
        datapointsToAlarm: 1,
        topicArn: config.globalAlarmTopicArn,
        ...provider,
      });
    }
    this.dsRecord = signingKey.dsRecord;
  }
}

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/access-control-managing-permissions.html */
function keyStatements({ accountId }: Label): PolicyStatement[] {
  const route53 = { principals: { Service: "dnssec-route53.amazonaws.com" }, resources: ["*"] };
  return [
    {
      sid: "AdministeredByAccount",
      principals: { AWS: `arn:aws:iam::${accountId}:root` },
      actions: ["kms:*"],
      resources: ["*"],
    },
    {
      ...route53,
      sid: "SignZones",
      actions: ["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign"],
      conditions: {
        StringEquals: { "aws:SourceAccount": accountId },
        ArnLike: { "aws:SourceArn": "arn:aws:route53:::hostedzone/*" },
      },
    },
    {
      ...route53,
      sid: "GrantToItself",
      actions: ["kms:CreateGrant"],
      conditions: {
        Bool: { "kms:GrantIsForAWSResource": "true" },
        // IfExists: AWS does not say that Route 53 names the account when it makes a grant.
        StringEqualsIfExists: { "aws:SourceAccount": accountId },
      },
    },
  ];
}
