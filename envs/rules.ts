import { PRODUCTION_RULES } from "./production-rules";
import type { EnvironmentSpec } from "./spec";
import type { Report, Rule, Violation } from "./violation";

/** Holds the rules that join several fields of one environment. */
export function checkEnvironment(spec: EnvironmentSpec): Violation[] {
  const violations: Violation[] = [];
  for (const rule of [...RULES, ...(spec.tier === "production" ? PRODUCTION_RULES : [])]) {
    rule(spec, (path, message) => violations.push({ environment: spec.name, path, message }));
  }
  return violations;
}

/** https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html */
const STANDARD_ATTRIBUTES = [
  ...["address", "birthdate", "email", "email_verified", "family_name", "gender", "given_name", "locale"],
  ...["middle_name", "name", "nickname", "phone_number", "phone_number_verified", "picture"],
  ...["preferred_username", "profile", "updated_at", "website", "zoneinfo"],
];

const RULES: readonly Rule[] = [
  function zonesBelongToRegion({ account, network }, report) {
    if (!network) return;
    network.availabilityZones.forEach((zone, index) => {
      const path = `network.availabilityZones.${index}`;
      if (!new RegExp(`^${account.region}[a-f]$`).test(zone)) {
        report(path, `must be a zone of ${account.region}, like ${account.region}a, got "${zone}"`);
      }
      if (network.availabilityZones.indexOf(zone) !== index)
        report(path, `must be another zone, got "${zone}" again`);
    });
  },
  function daxNeedsNetwork({ todo, network }, report) {
    if (todo?.dax && !network)
      report("network", "must be set when todo.dax is: DAX runs in a VPC, got undefined");
  },
  function apiCertificateInRegion({ account, todo }, report) {
    checkArn(todo?.api.domain?.certificateArn, account.region, account.id, (message) =>
      report("todo.api.domain.certificateArn", message),
    );
  },
  function authCertificateInVirginia({ account, todo }, report) {
    // CloudFront serves the sign-in page, and reads certificates there alone.
    checkArn(todo?.auth.domain?.certificateArn, "us-east-1", account.id, (message) =>
      report("todo.auth.domain.certificateArn", message),
    );
  },
  function downloadsCertificateInVirginia({ account, downloads }, report) {
    checkArn(downloads?.domain?.certificateArn, "us-east-1", account.id, (message) =>
      report("downloads.domain.certificateArn", message),
    );
  },
  function loadBalancerIsNamed({ downloads }, report) {
    if (downloads && downloads.origin !== "s3" && downloads.albDomainName === undefined) {
      report("downloads.albDomainName", `must be set with origin "${downloads.origin}", got undefined`);
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
  function secretsInAccount({ account, todo }, report) {
    todo?.auth.oidcProviders.forEach(({ clientSecretArn }, index) => {
      checkArn(clientSecretArn, account.region, account.id, (message) =>
        report(`todo.auth.oidcProviders.${index}.clientSecretArn`, message),
      );
    });
  },
  function samlHasOneSource({ todo }, report) {
    todo?.auth.samlProviders.forEach(({ metadataUrl, metadataFile }, index) => {
      if ((metadataUrl === undefined) === (metadataFile === undefined)) {
        const got = metadataUrl === undefined ? "neither" : "both";
        report(
          `todo.auth.samlProviders.${index}`,
          `must have one of metadataUrl and metadataFile, got ${got}`,
        );
      }
    });
  },
  function federatedUsersHaveEmail({ todo }, report) {
    for (const kind of ["oidcProviders", "samlProviders"] as const) {
      todo?.auth[kind].forEach(({ attributeMapping }, index) => {
        if (attributeMapping["email"] === undefined) {
          const got = JSON.stringify(attributeMapping);
          report(
            `todo.auth.${kind}.${index}.attributeMapping`,
            `must map email, which every user has, got ${got}`,
          );
        }
      });
    }
  },
  function namesAreUnique({ todo }, report) {
    if (!todo) return;
    const { oidcProviders, samlProviders, groups, customAttributes } = todo.auth;
    const providers = [
      ...oidcProviders.map(({ name }, index) => ({ name, path: `todo.auth.oidcProviders.${index}.name` })),
      ...samlProviders.map(({ name }, index) => ({ name, path: `todo.auth.samlProviders.${index}.name` })),
    ];
    reportRepeated(providers, report);
    for (const { name, path } of providers) {
      if (name.toLowerCase() === "cognito") report(path, `must not be Cognito's own name, got "${name}"`);
    }
    reportRepeated(
      groups.map(({ name }, index) => ({ name, path: `todo.auth.groups.${index}.name` })),
      report,
    );
    reportRepeated(
      customAttributes.map(({ name }, index) => ({ name, path: `todo.auth.customAttributes.${index}.name` })),
      report,
    );
    reportRepeated(
      todo.api.versions.map((name, index) => ({ name, path: `todo.api.versions.${index}` })),
      report,
    );
  },
  function attributesExist({ todo }, report) {
    const custom = todo?.auth.customAttributes.map(({ name }) => `custom:${name}`) ?? [];
    for (const kind of ["oidcProviders", "samlProviders"] as const) {
      todo?.auth[kind].forEach(({ attributeMapping }, index) => {
        for (const attribute of Object.keys(attributeMapping)) {
          if (STANDARD_ATTRIBUTES.includes(attribute) || custom.includes(attribute)) continue;
          report(
            `todo.auth.${kind}.${index}.attributeMapping.${attribute}`,
            "is no attribute of the pool: use a standard one, or custom:<name> of customAttributes",
          );
        }
      });
    }
  },
  function sendersAreComplete({ account, todo }, report) {
    if (!todo) return;
    const { sesIdentityArn, senderEmail, threatProtection } = todo.auth;
    if (sesIdentityArn !== undefined && sesIdentityArn.split(":")[4] !== account.id) {
      report("todo.auth.sesIdentityArn", `must be in account ${account.id}, got "${sesIdentityArn}"`);
    }
    if (senderEmail !== undefined && sesIdentityArn === undefined) {
      report(
        "todo.auth.sesIdentityArn",
        "must be set when senderEmail is: Cognito's own sender has one address, got undefined",
      );
    }
    if (threatProtection === "enforced" && sesIdentityArn === undefined) {
      report(
        "todo.auth.sesIdentityArn",
        'must be set when threatProtection is "enforced": Cognito warns users by mail, got undefined',
      );
    }
  },
  function endpointsAreNew({ network }, report) {
    network?.interfaceEndpoints.forEach((service, index) => {
      const path = `network.interfaceEndpoints.${index}`;
      if (service === "s3" || service === "dynamodb") {
        report(
          path,
          `must not be one of the gateway endpoints, which every VPC has for nothing, got "${service}"`,
        );
      }
      if (network.interfaceEndpoints.indexOf(service) !== index) {
        report(path, `must be unique, got "${service}" twice`);
      }
    });
  },
  function onDemandIsNotProvisioned({ todo }, report) {
    if (todo?.table.provisioned && todo.table.onDemandMaximum) {
      report("todo.table.onDemandMaximum", "must not be set with provisioned, which has maxima of its own");
    }
  },
  function capacityIsARange({ todo }, report) {
    for (const side of ["read", "write"] as const) {
      const range = todo?.table.provisioned?.[side];
      if (range && range.maximum < range.minimum) {
        report(
          `todo.table.provisioned.${side}.maximum`,
          `must be minimum (${range.minimum}) or more, got ${range.maximum}`,
        );
      }
    }
  },
  function refreshOutlivesAccess({ todo }, report) {
    if (!todo) return;
    const { accessTokenMinutes, refreshTokenDays } = todo.auth;
    if (refreshTokenDays * 24 * 60 <= accessTokenMinutes) {
      report(
        "todo.auth.refreshTokenDays",
        `must be longer than accessTokenMinutes (${accessTokenMinutes}), got ${refreshTokenDays}`,
      );
    }
  },
  function tagsAreOurs({ tags }, report) {
    for (const key of Object.keys(tags)) {
      if (/^aws:/i.test(key)) report(`tags.${key}`, 'must not start with "aws:", which AWS keeps for itself');
      if (["project", "environment", "owner", "managed-by"].includes(key)) {
        report(`tags.${key}`, `must be another key: the platform sets "${key}" itself`);
      }
    }
  },
];

function checkArn(
  arn: string | undefined,
  region: string,
  account: string,
  report: (message: string) => void,
): void {
  if (arn === undefined) return;
  const [, , , arnRegion, arnAccount] = arn.split(":");
  if (arnRegion !== region) report(`must be in ${region}, got "${arn}"`);
  if (arnAccount !== account) report(`must be in account ${account}, got "${arn}"`);
}

function reportRepeated(
  named: readonly { readonly name: string; readonly path: string }[],
  report: Report,
): void {
  const seen = new Set<string>();
  for (const { name, path } of named) {
    if (seen.has(name)) report(path, `must be unique, got "${name}" twice`);
    seen.add(name);
  }
}
