/** Takes one line about one field that is wrong. */
export type Report = (message: string) => void;

/** Names that become part of resource names. */
const NAME = /^[a-z0-9-]{1,24}$/;

/** Reports names that are not unique, or of other characters than resources take. */
export function checkNames(field: string, names: readonly string[], report: Report): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (!NAME.test(name)) {
      report(`${field}: name must be 1 to 24 lower-case letters, digits and hyphens, got "${name}"`);
    }
    if (seen.has(name)) report(`${field}: name must be unique, got "${name}" twice`);
    seen.add(name);
  }
}
