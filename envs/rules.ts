import { ASSUMED_TRAFFIC_RULES } from "./assumed-traffic-rules";
import { AUTH_RULES } from "./auth-rules";
import { CI_RULES } from "./ci-rules";
import { DOWNLOADS_RULES } from "./downloads-rules";
import { cidrsOverlap } from "./fields";
import { MICROSERVICES_RULES } from "./microservices-rules";
import { PRODUCTION_RULES } from "./production-rules";
import { PROTECTION_RULES } from "./protection-rules";
import { checkArn, reportRepeated } from "./report";
import type { EnvironmentSpec } from "./spec";
import { trafficShifts } from "./traffic-shifts";
import type { Rule, Violation } from "./violation";

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
  function peersAreApart({ network }, report) {
    if (!network) return;
    const { cidr, peerings } = network;
    reportRepeated(
      peerings.map(({ name }, index) => ({ name, path: `network.peerings.${index}.name` })),
      report,
    );
    peerings.forEach((peering, index) => {
      const others = [{ name: "network", cidr }, ...peerings.slice(0, index)];
      for (const other of others) {
        if (!cidrsOverlap(peering.cidr, other.cidr)) continue;
        report(
          `network.peerings.${index}.cidr`,
          `must not overlap ${other.name} (${other.cidr}), or a route would lead to one of the two alone, got ${peering.cidr}`,
        );
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
  function shiftsEndInTwoDays(spec, report) {
    for (const { path, shift, maximumMinutes } of trafficShifts(spec)) {
      if (shift.minutes <= maximumMinutes) continue;
      report(
        `${path}.minutes`,
        `must be ${maximumMinutes} or less with steps of ${shift.percent} percent: CodeDeploy gives all steps two days, got ${shift.minutes}`,
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
  ...AUTH_RULES,
  ...CI_RULES,
  ...MICROSERVICES_RULES,
  ...DOWNLOADS_RULES,
  ...PROTECTION_RULES,
  ...ASSUMED_TRAFFIC_RULES,
];
