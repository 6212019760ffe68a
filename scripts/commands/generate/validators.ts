import Ajv, { _, type CodeKeywordDefinition } from "ajv";
import standaloneCode from "ajv/dist/standalone";
import { formats } from "../../../runtime/formats";
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
 * Both fill in defaults, in place, and give every error. Texts are made from keyword and parameters by the function: ajv's own
 * would only add bytes. Parameters arrive as text: their validators name those that are whole numbers, for the function to read.
 * ajv's own way would take `0x10` and ` 1e1 ` for numbers, too.
 *
 * @throws Error naming the parameter that is neither text nor a whole number, and the type of which no list can be without
 *   duplicates
 * @returns `bodies.js` and `parameters.js`, one validator per operation under its id, and their types
 */
export function compileValidators(file: string, operations: readonly OperationSchemas[]): GeneratedFiles {
  const bodies = operations.flatMap(({ id, body }) => (body ? [[id, body] as const] : []));
  const parameters = operations.map((operation) => [operation.id, operation.parameters] as const);
  const ofBodies = compile(file, bodies);
  const ofParameters = compile(file, parameters);
  return {
    "bodies.js": ofBodies.js,
    "bodies.d.ts": ofBodies.declarations,
    "parameters.js":
      ofParameters.js + parameters.map(([id, schema]) => integersOf(file, id, schema)).join(""),
    "parameters.d.ts": ofParameters.declarations,
  };
}

/** Schemas by their ids. */
export type NamedSchemas = readonly (readonly [string, Schema])[];

/** Names the whole numbers among an operation's parameters, on its validator. */
function integersOf(file: string, id: string, { properties = {} }: Schema): string {
  const schemas = Object.entries(properties as Readonly<Record<string, Schema>>);
  for (const [name, { type }] of schemas) {
    if (type !== "string" && type !== "integer") {
      throw new Error(`${file}: ${id}: parameter ${name} must be of type string or integer, got ${type}`);
    }
  }
  const integers = schemas.filter(([, { type }]) => type === "integer").map(([name]) => name);
  return integers.length === 0 ? "" : `${id}.integers = ${JSON.stringify(integers)};\n`;
}

/** As ajv's own, which keeps the texts of a list as names of an object and so never sees `__proto__` twice. */
const uniqueItems: CodeKeywordDefinition = {
  keyword: "uniqueItems",
  type: "array",
  schemaType: "boolean",
  error: {
    message: "must not have duplicate items",
    params: ({ params: { i, j } }) => _`{i: ${i}, j: ${j}}`,
  },
  code(context) {
    const { gen, data, parentSchema, schema } = context;
    if (schema !== true) return;
    const { type } = Object(parentSchema["items"]) as Schema;
    if (type === "object" || type === "array") {
      throw new Error(`uniqueItems is not supported for lists of type ${type}`);
    }
    const seen = gen.const("seen", _`new Map()`);
    gen.forRange("index", 0, _`${data}.length`, (index) => {
      const item = gen.const("item", _`${data}[${index}]`);
      gen.if(_`${seen}.has(${item})`, () => {
        context.setParams({ i: _`${seen}.get(${item})`, j: index });
        context.error();
        gen.break();
      });
      gen.code(_`${seen}.set(${item}, ${index})`);
    });
  },
};

/**
 * Compiles schemas, references resolved, to plain code. Of the keywords of OpenAPI 3.0 and JSON Schema 2020-12 it takes those that mean the
 * same in draft 7; others are refused.
 *
 * @param file or folder that they come from
 * @returns the code, one validator per schema under its id, and its types
 */
export function compile(file: string, schemas: NamedSchemas) {
  return { js: code(file, schemas), declarations: declarations(file, schemas) };
}

function code(file: string, schemas: NamedSchemas): string {
  const ajv = new Ajv({
    allErrors: true,
    allowUnionTypes: true,
    messages: false,
    useDefaults: true,
    formats: { ...formats },
    code: { source: true, esm: true, formats: _`require("../../../../runtime/formats").formats` },
  });
  ajv.removeKeyword("uniqueItems").addKeyword(uniqueItems);
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
  const compiled = standaloneCode(ajv, Object.fromEntries([...ids.values()].map((id) => [id, id])));
  return `${banner(file)}${compiled}\n${aliases}`;
}

/** What says nothing about validity, once references are resolved. */
const ANNOTATIONS = new Set(["title", "description", "example", "examples", "$schema", "$defs"]);

/** Drops what says nothing about validity: the compiled code would carry it. */
function withoutAnnotations(schema: Schema): Schema {
  const entries = Object.entries(schema).filter(([key]) => !ANNOTATIONS.has(key) && !key.startsWith("x-"));
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
  return `${banner(file)}import type { Validate } from "../../../../runtime";\n\n${lines.join("")}`;
}
