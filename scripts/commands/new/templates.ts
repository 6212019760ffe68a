import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Stands in a file's name for that of the package. */
const NAME = /^NAME\./;

/**
 * Fills in the templates of a kind: files of `templates/<kind>`, with `{{key}}` for each value.
 *
 * @param values by key
 * @returns text by name of the file
 * @throws Error when a template has a key without a value
 */
export function fillTemplates(
  kind: "module" | "function",
  values: Readonly<Record<string, string>> & { readonly name: string },
): Record<string, string> {
  const folder = join(__dirname, "templates", kind);
  return Object.fromEntries(
    readdirSync(folder).map((file) => [
      file.replace(NAME, () => `${values.name}.`).replace(/\.txt$/, ""),
      readFileSync(join(folder, file), "utf8").replace(/\{\{(\w+)\}\}/g, (_, key: string) => {
        const value = values[key];
        if (value === undefined) throw new Error(`${folder}/${file}: there is no ${key}`);
        return value;
      }),
    ]),
  );
}
