import { reportRepeated } from "./report";
import type { Rule } from "./violation";

/** What holds between protection and what is acknowledged to be lost. */
export const PROTECTION_RULES: readonly Rule[] = [
  function somethingIsProtected({ acknowledged, deletionProtection }, report) {
    if (deletionProtection || acknowledged.length === 0) return;
    report("acknowledged", "must be left out where deletionProtection is false: nothing is protected there");
  },
  function acknowledgementsAreUnique({ acknowledged }, report) {
    reportRepeated(
      acknowledged.map(({ path }, index) => ({ name: path, path: `acknowledged.${index}.path` })),
      report,
    );
  },
];
