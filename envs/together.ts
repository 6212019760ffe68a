import { DOMAINS } from "./domain-names";
import { cidrsOverlap } from "./fields";
import type { EnvironmentSpec } from "./spec";
import type { Report, Violation } from "./violation";

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
  if (
    spec.account.id === other.account.id &&
    [spec, other].every(({ ci }) => ci?.oidcProvider === "managed")
  ) {
    report(
      "ci.oidcProvider",
      `must be "existing": envs/${other.name} manages it in the same account, got "managed"`,
    );
  }
  for (const [place, domainOf] of Object.entries(DOMAINS)) {
    const name = domainOf(spec)?.name;
    if (name !== undefined && domainOf(other)?.name === name) {
      report(`${place}.name`, `must be apart from that of envs/${other.name}, got "${name}"`);
    }
  }
  const bucket = spec.state.kind === "s3" ? spec.state.bucket : undefined;
  if (bucket !== undefined && other.state.kind === "s3" && other.state.bucket === bucket) {
    report("state.bucket", `must be apart from that of envs/${other.name}, got "${bucket}"`);
  }
  if (spec.state.kind === "local" && other.state.kind === "local" && spec.state.path === other.state.path) {
    report("state.path", `must be apart from that of envs/${other.name}, got "${spec.state.path}"`);
  }
}
