import Ajv, { _, type Options } from "ajv";
import standaloneCode from "ajv/dist/standalone";
import { formats } from "../../../functions/internal/formats";
import type { OperationSchemas, Schema } from "./contract";

/** A generated file: path below the function's `generated/<version>/` to its text. */
export type GeneratedFiles = Readonly<Record<string, string>>;

/** First lines of each generated file. */
export function banner(file: string): string {
  return `// Generated from ${file} by scripts/generate. Do not edit.\n`;
}

/**
 * Compiles the validators of some operations to plain code, so that a function neither loads ajv nor compiles at start.
 *
 * Bodies are taken as they are; parameters arrive as text, so numbers are read from it. Both fill in defaults, in place, and
 * give every error. Texts are made from keyword and parameters by the function: ajv's own would only add bytes.
 *
 * @returns `bodies.js` and `parameters.js`, one validator per operation under its id, and their types
 */
export function compileValidators(file: string, operations: readonly OperationSchemas[]): GeneratedFiles {
  const bodies = operations.flatMap(({ id, body }) => (body ? [[id, body] as const] : []));
  const parameters = operations.map((operation) => [operation.id, operation.parameters] as const);
  return {
    "bodies.js": compile(file, bodies, {}),
    "bodies.d.ts": declarations(file, bodies),
    "parameters.js": compile(file, parameters, { coerceTypes: true }),
    "parameters.d.ts": declarations(file, parameters),
  };
}

type NamedSchemas = readonly (readonly [string, Schema])[];

function compile(file: string, schemas: NamedSchemas, options: Options): string {
  const ajv = new Ajv({
    ...options,
    allErrors: true,
    messages: false,
    useDefaults: true,
    formats: { ...formats },
    code: { source: true, esm: true, formats: _`require("../../../internal/formats").formats` },
  });
  // Operations that take the same share one validator.
  const ids = new Map<string, string>();
  let aliases = "";
  for (const [id, schema] of schemas) {
    const rules = withoutAnnotations(schema);
    const same = ids.get(JSON.stringify(rules));
    if (same !== undefined) {
      aliases += `export const ${id} = ${same};\n`;
      continue;
    }
    ids.set(JSON.stringify(rules), id);
    ajv.addSchema(rules, id);
  }
  const code = standaloneCode(ajv, Object.fromEntries([...ids.values()].map((id) => [id, id])));
  return `${banner(file)}${code}\n${aliases}`;
}

/** Drops what says nothing about validity: the compiled code would carry it. */
function withoutAnnotations(schema: Schema): Schema {
  const entries = Object.entries(schema).filter(([key]) => key !== "description" && key !== "example");
  return Object.fromEntries(
    entries.map(([key, value]) => {
      if (key === "properties") {
        const properties = Object.entries(value as Record<string, Schema>);
        return [key, Object.fromEntries(properties.map(([name, item]) => [name, withoutAnnotations(item)]))];
      }
      return [key, key === "items" ? withoutAnnotations(value as Schema) : value];
    }),
  );
}

function declarations(file: string, schemas: NamedSchemas): string {
  const lines = schemas.map(([id]) => `export declare const ${id}: Validate;\n`);
  return `${banner(file)}import type { Validate } from "../../../internal";\n\n${lines.join("")}`;
}
