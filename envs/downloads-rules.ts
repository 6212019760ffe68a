import { checkArn, reportRepeated } from "./report";
import type { Rule } from "./violation";

/** What joins several fields of system C. */
export const DOWNLOADS_RULES: readonly Rule[] = [
  function downloadsCertificateInVirginia({ account, downloads }, report) {
    checkArn(downloads?.domain?.certificateArn, "us-east-1", account.id, (message) =>
      report("downloads.domain.certificateArn", message),
    );
  },
  function loadBalancerIsKnown({ downloads }, report) {
    if (!downloads) return;
    const { origin, albDomainName, albArn, albProtocol, albIngress, service } = downloads;
    if (origin === "s3") return;
    const named = Object.entries({ albDomainName, albArn, service }).flatMap(([name, value]) =>
      value === undefined ? [] : [name],
    );
    const ways = "one of albDomainName, albArn and service";
    if (named.length === 0) {
      report("downloads", `must have ${ways} with origin "${origin}", got none`);
    } else if (service && named.length > 1) {
      report("downloads.service", `must be left out beside ${named[0]}: it has a load balancer of its own`);
    }
    if (albArn !== undefined && albDomainName === undefined && albProtocol !== "http") {
      report(
        "downloads.albDomainName",
        "must be set beside albArn, as no certificate holds a load balancer's own name, got undefined",
      );
    }
    if (albIngress && albArn === undefined) {
      report("downloads.albArn", "must be set with albIngress, which is made there, got undefined");
    }
  },
  function serviceHasAName({ account, downloads }, report) {
    const service = downloads?.service;
    if (!downloads || !service) return;
    const protocol = downloads.albProtocol ?? "https";
    if (protocol === "https" && !service.domain) {
      report("downloads.service.domain", 'must be set with albProtocol "https", got undefined');
    }
    if (protocol === "http" && service.domain) {
      report("downloads.service.domain", 'must be left out with albProtocol "http"');
    }
    checkArn(service.domain?.certificateArn, account.region, account.id, (message) =>
      report("downloads.service.domain.certificateArn", message),
    );
  },
  function loadBalancerIsOurs({ account, downloads }, report) {
    const arns = {
      albArn: downloads?.albArn,
      "albIngress.targetGroupArn": downloads?.albIngress?.targetGroupArn,
    };
    for (const [field, arn] of Object.entries(arns)) {
      checkArn(arn, account.region, account.id, (message) => report(`downloads.${field}`, message));
    }
  },
  function countriesHaveOneList({ downloads }, report) {
    if (downloads?.allowedCountries && downloads.deniedCountries) {
      report(
        "downloads.deniedCountries",
        "must not be set with allowedCountries, which leaves all others out",
      );
    }
  },
  function signedDownloadsHaveKeys({ downloads }, report) {
    if (!downloads) return;
    const { pathClasses = [], signingKeys } = downloads;
    const signed = pathClasses.find((pathClass) => pathClass.signed);
    if (signed && signingKeys.length === 0) {
      report("downloads.signingKeys", `must name a key, as path class "${signed.name}" is signed, got []`);
    }
    if (!signed && signingKeys.length > 0) {
      report("downloads.signingKeys", "must be left out, as no path class is signed");
    }
  },
  function namesOfDownloadsAreUnique({ downloads }, report) {
    for (const field of ["pathClasses", "signingKeys"] as const) {
      const named = downloads?.[field] ?? [];
      reportRepeated(
        named.map(({ name }, index) => ({ name, path: `downloads.${field}.${index}.name` })),
        report,
      );
    }
    reportRepeated(
      (downloads?.originSecretNames ?? []).map((name, index) => ({
        name,
        path: `downloads.originSecretNames.${index}`,
      })),
      report,
    );
  },
];
