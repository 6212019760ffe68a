import { dirname } from "node:path";
import { counted } from "../../internal/counted";
import type { MovedReport } from "./run";

/**
 * A comparison as a person reads it.
 *
 * @param lost what is lost with a resource, by its type
 */
export function show(report: MovedReport, lost: Readonly<Record<string, string>>): string {
  const { moves, ambiguous, gone, written, since } = report;
  const from = since.slice(0, 12);
  if (moves.length + ambiguous.length + gone.length === 0) return `Nothing was renamed since ${from}.`;
  const parts: string[] = [];
  if (moves.length > 0) {
    parts.push(
      `Renamed since ${from}${written ? ", and added to envs/moves.ts" : ""}:`,
      ...moves.map(
        ({ from: path, to, resources, likeness, stacks }) =>
          `  ${path} → ${to}   ${counted(resources, "resource")}, ${percent(likeness)} alike; ${stacks.join(", ")}`,
      ),
    );
  }
  if (ambiguous.length > 0) {
    parts.push(
      "Not sure, yours to decide:",
      ...ambiguous.flatMap(({ from: path, candidates, stacks }) => [
        `  ${path}   ${stacks.join(", ")}`,
        ...candidates.map(
          ({ to, resources, likeness }) =>
            `    → ${to}   ${counted(resources, "resource")}, ${percent(likeness)} alike`,
        ),
      ]),
    );
  }
  if (gone.length > 0) parts.push("Gone, and destroyed by the next deployment:", ...goneLines(gone, lost));
  parts.push(...advice(report));
  return parts.join("\n");
}

/** What holds data by its path; the rest by where it was. */
function goneLines(gone: MovedReport["gone"], lost: Readonly<Record<string, string>>): string[] {
  const [stateful, others] = [
    gone.filter(({ type }) => type in lost),
    gone.filter(({ type }) => !(type in lost)),
  ];
  const places = new Map<string, number>();
  for (const { path } of others) {
    const place = dirname(path) === "." ? path : dirname(path);
    places.set(place, (places.get(place) ?? 0) + 1);
  }
  return [
    ...stateful.map(
      ({ path, type, stacks }) => `  ${path}   ${type}, with its ${lost[type]}; ${stacks.join(", ")}`,
    ),
    ...[...places].map(([place, number]) => `  ${place}   ${counted(number, "resource")} that hold no data`),
  ];
}

function advice({ moves, ambiguous, written }: MovedReport): string[] {
  if (written) return ["", "Then: UPDATE_GOLDENS=1 npx jest envs/synth"];
  if (moves.length > 0) return ["", "scripts/moved --write adds what is sure to envs/moves.ts."];
  return ambiguous.length > 0 ? ["", "Write what is right into envs/moves.ts."] : [];
}

function percent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}
