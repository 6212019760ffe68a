import { readFileSync } from "node:fs";
import { parse } from "yaml";
import * as z from "zod";
import { CommandError, CommandErrors } from "../../internal/cli";

/** Where the placeholders are, from the project's folder. */
export const PLACEHOLDERS = "policy/placeholders.yaml";

/** What looks like a secret and is none. */
export interface Placeholder {
  /** Place of the text, as it is reported, e.g. `runtime/aws-signature.test.ts`. */
  readonly place: string;
  /** What it was taken for, e.g. `AWSSecretAccessKey`. */
  readonly kind: string;
  /** Why it is none. */
  readonly because: string;
}

const placeholder = z.strictObject({
  place: z.string({ error: "must be the place of a text, as it is reported" }),
  kind: z.string({ error: "must be what it was taken for, as it is reported" }),
  because: z.string({ error: "must say why" }).min(20, { error: "must say why it is no secret" }),
});

/**
 * Reads the file of placeholders.
 *
 * @throws CommandErrors naming every entry that is wrong
 */
export function readPlaceholders(file: string): readonly Placeholder[] {
  const result = z.array(placeholder).safeParse(parse(readFileSync(file, "utf8")) ?? []);
  if (result.success) return result.data;
  throw new CommandErrors(
    result.error.issues.map(
      ({ path: [index, ...field], message }) =>
        new CommandError(
          `${PLACEHOLDERS}: entry ${Number(index) + 1}`,
          `${field.join(".") || "it"} ${message}`,
        ),
    ),
  );
}
