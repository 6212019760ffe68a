import { existsSync } from "node:fs";
import { join } from "node:path";
import { CommandError, EXIT } from "../../internal/cli";

/** Most characters of a package's name: with project and environment before it, it fits where AWS takes 64. */
const NAME_LIMIT = 30;

/** What a package's class cannot be called: what its file imports. */
const IMPORTED = ["Construct", "Label", "PolicyStatement", "CloudwatchLogGroup"];

/**
 * Checks the name of a new package.
 *
 * @param folder where it goes, e.g. `modules`
 * @throws CommandError of wrong usage
 */
export function checkPackageName(root: string, folder: string, name: string): void {
  const place = `${folder}/${name}`;
  if (name.length > NAME_LIMIT || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw wrongName(
      place,
      `a name must be 1 to ${NAME_LIMIT} lower-case letters, digits and single hyphens, starting with a letter`,
    );
  }
  const className = pascalCase(name);
  if (Object.hasOwn(globalThis, className) || IMPORTED.includes(className)) {
    throw wrongName(place, `its class would be ${className}, which is another's name`);
  }
  // internal/ among them.
  if (existsSync(join(root, place))) throw wrongName(place, "is there already");
}

/** `mail-queue` → `MailQueue` */
export function pascalCase(name: string): string {
  return name
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

/** An error that another name mends. */
export function wrongName(place: string, what: string): CommandError {
  return new CommandError(place, what, "choose another name", EXIT.usage);
}
