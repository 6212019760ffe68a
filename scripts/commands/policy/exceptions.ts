import { readFileSync } from "node:fs";
import { parse } from "yaml";
import * as z from "zod";
import { CommandError, CommandErrors } from "../../internal/cli";

/** Where the exceptions are, from the project's folder. */
export const EXCEPTIONS = "policy/exceptions.yaml";

const exception = z.strictObject(
  {
    check: z
      .string({ error: "must be the id of a check" })
      .regex(/^CKV2?_[A-Z]+_\d+$/, { error: "must be the id of a check, like CKV_AWS_18" }),
    resources: z
      .array(z.string(), { error: "must be a list of construct paths" })
      .min(1, { error: "must name one or more construct paths" }),
    stacks: z
      .array(
        z.string().regex(/^(envs|bootstrap)\/([a-z0-9-]+|\*)$/, {
          error: "must be a stack, like envs/local or bootstrap/*",
        }),
      )
      .min(1, { error: "must name one or more stacks" })
      .exactOptional(),
    because: z
      .string({ error: "must say why" })
      .min(40, { error: "must say why, so that a reviewer can judge it" }),
  },
  {
    error: ({ code, keys }) =>
      code === "unrecognized_keys" ? `has an unknown field: ${(keys as string[]).join(", ")}` : undefined,
  },
);

/** A fault that is none here, or that is accepted. */
export interface Exception {
  /** Id of the check, e.g. `CKV_AWS_18`. */
  readonly check: string;
  /** Construct paths below the stack. `*` stands for a name or a part of one, `**` for any number of names. */
  readonly resources: readonly string[];
  /** Stacks that it is for, e.g. `envs/local`, `bootstrap/*`. @default all */
  readonly stacks?: readonly string[];
  /** The reason, for whoever reviews the platform's security. */
  readonly because: string;
}

/**
 * Reads the file of exceptions.
 *
 * @throws CommandErrors naming every entry that is wrong
 */
export function readExceptions(file: string): readonly Exception[] {
  const entries: unknown = parse(readFileSync(file, "utf8"));
  const result = z.array(exception).safeParse(entries);
  if (result.success) return result.data;
  throw new CommandErrors(
    result.error.issues.map(({ path: [index, ...field], message }) => {
      const named = (entries as readonly { readonly check?: unknown }[])[Number(index)]?.check;
      const place = [`${EXCEPTIONS}: entry ${Number(index) + 1}`, ...(named ? [` (${named})`] : [])].join("");
      return new CommandError(place, `${field.join(".") || "it"} ${message}`);
    }),
  );
}

/**
 * Whether a pattern of `resources` or `stacks` covers a path.
 *
 * @param pattern `*` stands for any characters of one name, `**` for any number of names
 */
export function covers(pattern: string, path: string): boolean {
  const expression = pattern
    .split(/(\*\*\/|\*\*|\*)/)
    .map((part) => WILDCARDS[part] ?? part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${expression.join("")}$`).test(path);
}

const WILDCARDS: Readonly<Record<string, string>> = { "**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*" };
