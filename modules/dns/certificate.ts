import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { Alarm } from "../internal/alarm";
import { checkAll } from "../internal/check";
import type { Label } from "../internal/label";
import { checkDomainName } from "./domain-name";

/** Days left at which a certificate should long have been renewed: ACM begins 60 days before the end. */
const LATE_DAYS = 30;

/** A certificate of names in one zone. */
export interface CertificateConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Domain name, e.g. `api.example.com` or `*.example.com`. */
  readonly domainName: string;
  /** Further names of the same zone. @default none */
  readonly alternativeNames?: readonly string[];
  /** Id of the public zone, where records show ACM that the names are ours. They stay, as each renewal looks for them. */
  readonly zoneId: string;
  /** SNS topic of the alarm, in the certificate's region. */
  readonly alarmTopicArn: string;
  /** Provider of the certificate's region: CloudFront takes those of us-east-1 alone. @default the stack's own */
  readonly provider?: TerraformProvider;
}

/**
 * ACM certificate, validated by records in its own zone, and so renewed by itself.
 *
 * @throws Error naming every field that is wrong, one to a line
 */
export class Certificate extends Construct {
  /** ARN of the certificate, once it is issued. */
  readonly certificateArn: string;

  constructor(scope: Construct, id: string, config: CertificateConfig) {
    super(scope, id);
    const { label, domainName, alternativeNames = [], provider } = config;
    const names = [domainName, ...alternativeNames];
    checkNames(names);
    const inRegion = provider && { provider };
    const certificate = new AcmCertificate(this, "certificate", {
      domainName,
      ...(alternativeNames.length > 0 && { subjectAlternativeNames: [...alternativeNames] }),
      validationMethod: "DNS",
      tags: { Name: label.name(domainName, 255) },
      // What uses it takes the new one before the old one goes.
      lifecycle: { createBeforeDestroy: true },
      ...inRegion,
    });
    // `*.example.com` is shown by the same record as `example.com`.
    const shown = [...new Set(names.map((name) => name.replace(/^\*\./, "")))];
    const records = shown.map((name) => this.addRecord(certificate, name, names, config.zoneId));
    const validation = new AcmCertificateValidation(this, "validation", {
      certificateArn: certificate.arn,
      validationRecordFqdns: records.map(({ fqdn }) => fqdn),
      ...inRegion,
    });
    new Alarm(this, "expiry-alarm", {
      name: label.name(`${domainName.replace("*", "wildcard")}-certificate-expiry`, 255),
      description: `The certificate of ${domainName} ends in less than ${LATE_DAYS} days and is not renewed: look whether its records are still in the zone.`,
      namespace: "AWS/CertificateManager",
      metricName: "DaysToExpiry",
      dimensions: { CertificateArn: certificate.arn },
      statistic: "Minimum",
      comparison: "LessThanThreshold",
      threshold: LATE_DAYS,
      // ACM measures twice a day.
      periodSeconds: 86_400,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      topicArn: config.alarmTopicArn,
      ...inRegion,
    });
    this.certificateArn = validation.certificateArn;
  }

  /** The record that ACM asks for a name, found by that name: what it asks for is a set, in no order. */
  private addRecord(
    certificate: AcmCertificate,
    shown: string,
    names: readonly string[],
    zoneId: string,
  ): Route53Record {
    const name = names.includes(shown) ? shown : `*.${shown}`;
    const asked = (field: string) =>
      `\${one([for option in ${certificate.fqn}.domain_validation_options : option.${field} if option.domain_name == "${name}"])}`;
    return new Route53Record(this, `validation-${shown}`, {
      zoneId,
      name: asked("resource_record_name"),
      type: asked("resource_record_type"),
      records: [asked("resource_record_value")],
      ttl: 300,
      // ACM asks the same of a name for each of its certificates, in every region.
      allowOverwrite: true,
    });
  }
}

function checkNames(names: readonly string[]): void {
  checkAll(
    names.map((name, index) => () => {
      const field = index === 0 ? "domainName" : `alternativeNames[${index - 1}]`;
      checkDomainName(field, name.replace(/^\*\./, ""));
      if (names.indexOf(name) !== index) throw new Error(`${field}: "${name}" comes twice; remove one`);
    }),
  );
}
