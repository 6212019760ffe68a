import { cidrsOverlap } from "./fields";
import type { EnvironmentSpec } from "./spec";

/** A value that breaks a rule which no single field can hold. */
export interface Violation {
  /** Name of the environment. */
  readonly environment: string;
  /** Path of the field, e.g. `todo.dax.nodes`. */
  readonly path: string;
  /** What it must be, what it is. */
  readonly message: string;
}

type Report = (path: string, message: string) => void;
type Rule = (spec: EnvironmentSpec, report: Report) => void;

/** Holds the rules that join several fields of one environment. */
export function checkEnvironment(spec: EnvironmentSpec): Violation[] {
  const violations: Violation[] = [];
  for (const rule of [...RULES, ...(spec.tier === "production" ? PRODUCTION_RULES : [])]) {
    rule(spec, (path, message) => violations.push({ environment: spec.name, path, message }));
  }
  return violations;
}

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

const PRODUCTION = "in a production environment";

const PRODUCTION_RULES: readonly Rule[] = [
  function dataIsProtected({ deletionProtection }, report) {
    if (!deletionProtection) report("deletionProtection", `must be true ${PRODUCTION}, got false`);
  },
  function stateIsRemote({ state }, report) {
    if (state.kind !== "s3") report("state.kind", `must be "s3" ${PRODUCTION}, got "${state.kind}"`);
  },
  function someoneIsTold({ alarmEmails }, report) {
    if (alarmEmails.length === 0) report("alarmEmails", `must name someone ${PRODUCTION}, got []`);
  },
  function logsAreKept({ logRetentionDays }, report) {
    if (logRetentionDays < 30)
      report("logRetentionDays", `must be 30 or more ${PRODUCTION}, got ${logRetentionDays}`);
  },
  function tableCanBeRestored({ todo }, report) {
    const days = todo?.table.pointInTimeRecoveryDays;
    if (days !== undefined && days < 7) {
      report("todo.table.pointInTimeRecoveryDays", `must be 7 or more ${PRODUCTION}, got ${days}`);
    }
  },
  function cacheSurvivesAZone({ todo }, report) {
    const nodes = todo?.dax?.nodes;
    if (nodes !== undefined && nodes < 3)
      report("todo.dax.nodes", `must be 3 or more ${PRODUCTION}, got ${nodes}`);
  },
  function natSurvivesAZone({ network }, report) {
    if (network?.nat === "single")
      report("network.nat", `must be "per-zone" or "none" ${PRODUCTION}, got "single"`);
  },
  function firewallStands({ todo }, report) {
    if (todo && !todo.api.firewall) report("todo.api.firewall", `must be set ${PRODUCTION}, got undefined`);
  },
  function noDevelopersMachine({ todo }, report) {
    const urls: [string, string][] = [
      ...(todo?.auth.callbackUrls ?? []).map((url, i): [string, string] => [
        `todo.auth.callbackUrls.${i}`,
        url,
      ]),
      ...(todo?.auth.logoutUrls ?? []).map((url, i): [string, string] => [`todo.auth.logoutUrls.${i}`, url]),
      ...(todo?.files.corsOrigins ?? []).map((url, i): [string, string] => [
        `todo.files.corsOrigins.${i}`,
        url,
      ]),
      ...(todo?.api.corsOrigin ? [["todo.api.corsOrigin", todo.api.corsOrigin] as [string, string]] : []),
    ];
    for (const [path, url] of urls) {
      if (url.startsWith("http://")) report(path, `must not be on localhost ${PRODUCTION}, got "${url}"`);
    }
  },
];

/** Holds the rules that join several environments. */
export function checkTogether(specs: readonly EnvironmentSpec[]): Violation[] {
  const violations: Violation[] = [];
  specs.forEach((spec, index) => {
    const report: Report = (path, message) => violations.push({ environment: spec.name, path, message });
    for (const other of specs.slice(0, index)) checkPair(spec, other, report);
  });
  return violations;
}

function checkPair(spec: EnvironmentSpec, other: EnvironmentSpec, report: Report): void {
  if (spec.name === other.name && spec.project === other.project) {
    report("name", `must be unique within the project, got "${spec.name}" twice`);
  }
  if (spec.network && other.network && cidrsOverlap(spec.network.cidr, other.network.cidr)) {
    report(
      "network.cidr",
      `must not overlap envs/${other.name} (${other.network.cidr}), or the two can never be peered, got ${spec.network.cidr}`,
    );
  }
  const sameRegion = spec.account.id === other.account.id && spec.account.region === other.account.region;
  const bothManage = [spec, other].every(
    ({ account, state }) => account.apiGatewayLogging === "managed" && state.kind === "s3",
  );
  if (sameRegion && bothManage) {
    report(
      "account.apiGatewayLogging",
      `must be "existing": envs/${other.name} manages it in the same account and region, got "managed"`,
    );
  }
  const bucket = spec.state.kind === "s3" ? spec.state.bucket : undefined;
  if (bucket !== undefined && other.state.kind === "s3" && other.state.bucket === bucket) {
    report("state.bucket", `must be apart from that of envs/${other.name}, got "${bucket}"`);
  }
  if (spec.state.kind === "local" && other.state.kind === "local" && spec.state.path === other.state.path) {
    report("state.path", `must be apart from that of envs/${other.name}, got "${spec.state.path}"`);
  }
}

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
