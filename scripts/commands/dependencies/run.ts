import { join } from "node:path";
import { npmDependencies, pythonDependencies } from "../../internal/dependencies";
import { LICENCES, licenceFaults, readLicences } from "./licences";
import {
  type Answer,
  acceptedVulnerabilities,
  askNpm,
  askOsv,
  VULNERABILITIES,
  type Vulnerability,
} from "./vulnerabilities";

/** What was found of the dependencies. */
export interface Report {
  /** How many there are. */
  readonly dependencies: number;
  /** Of licences, one line each. */
  readonly licences: readonly string[];
  readonly vulnerabilities: readonly Vulnerability[];
  /** Sources that did not answer, and why. */
  readonly notAsked: readonly { readonly source: string; readonly why: string }[];
}

/**
 * Looks at all dependencies.
 *
 * @param offline asks nobody for vulnerabilities
 * @throws CommandError
 */
export async function lookAtDependencies(root: string, offline: boolean): Promise<Report> {
  const python = pythonDependencies(root);
  const dependencies = [...npmDependencies(root), ...python];
  const known = acceptedVulnerabilities(join(root, VULNERABILITIES));
  const answers = offline
    ? ["npm audit", "OSV"].map((source): Answer => ({ source, notAsked: "--offline was given" }))
    : await Promise.all([askNpm(root), askOsv(python, process.env["OSV_URL"] ?? "https://api.osv.dev")]);
  return {
    dependencies: dependencies.length,
    licences: licenceFaults(dependencies, readLicences(join(root, LICENCES))),
    vulnerabilities: answers
      .flatMap((answer) => ("found" in answer ? answer.found : []))
      .filter(({ id }) => !known.includes(id)),
    notAsked: answers.flatMap((answer) =>
      "notAsked" in answer ? [{ source: answer.source, why: answer.notAsked }] : [],
    ),
  };
}

/**
 * Whether nothing is to be mended.
 *
 * @param everyoneAsked a source that did not answer is a fault
 */
export function isClean({ licences, vulnerabilities, notAsked }: Report, everyoneAsked: boolean): boolean {
  return licences.length + vulnerabilities.length === 0 && !(everyoneAsked && notAsked.length > 0);
}

/** The report in words. */
export function describe({ dependencies, licences, vulnerabilities, notAsked }: Report): string {
  const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;
  return [
    `${dependencies} dependencies: ${count(licences.length, "fault", "faults")} of licences, ` +
      `${count(vulnerabilities.length, "known vulnerability", "known vulnerabilities")}`,
    ...licences,
    ...vulnerabilities.map(
      ({ id, package: name, severity }) =>
        `${name}: ${id}${severity === undefined ? "" : `, ${severity}`}; update it, or say in ${VULNERABILITIES} why it does no harm here`,
    ),
    ...notAsked.map(
      ({ source, why }) => `NOT ASKED: ${source}: ${why}. What it knows of vulnerabilities is unknown here.`,
    ),
  ].join("\n");
}
