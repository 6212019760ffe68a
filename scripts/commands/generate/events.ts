import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { resolveReferences, type Schema } from "./contract";
import { banner, compile, type GeneratedFiles } from "./validators";

/** What `openapi-typescript` makes of schemas, by their names. */
export type WriteTypes = (schemas: Readonly<Record<string, Schema>>) => Promise<string>;

/** One schema below `api/events/`. */
export interface EventSchema {
  /** Path from the project's root, e.g. `api/events/order-placed/v1.json`. */
  readonly file: string;
  /** The file below `api/events/` without its ending, e.g. `order-placed/v1`: what a manifest and an event's `dataschema` say. */
  readonly name: string;
  /** Type of the events, e.g. `shop.order.placed.v1`. */
  readonly type: string;
  /** `source` of the events, e.g. `orders`. */
  readonly source: string;
  /** Of the data, references resolved and examples left out. */
  readonly data: Schema;
}

/** A function or a service that makes or takes events. */
export interface EventPackage {
  /** `functions/<name>` or `services/<name>`. */
  readonly folder: string;
  /** Names of schemas, by its manifest. */
  readonly events: readonly string[];
}

const ENVELOPE = "api/events/envelope.json";

/**
 * Reads every schema of an event below `api/events/`.
 *
 * @param root folder of the project
 * @throws Error naming the file that does not say of which type and source its events are, or one reference that leads nowhere
 */
export function readEventSchemas(root: string): EventSchema[] {
  const folder = join(root, "api/events");
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => readdirSync(join(folder, name)).map((file) => `${name}/${file}`))
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => readEventSchema(root, `api/events/${file}`));
}

function readEventSchema(root: string, file: string): EventSchema {
  const schema = readJson(root, file);
  const { "x-type": type, "x-source": source } = schema;
  if (typeof type !== "string" || typeof source !== "string") {
    throw new Error(`${file}: x-type and x-source must say of which type and source its events are`);
  }
  const name = file.replace(/^api\/events\/(.+)\.json$/, "$1");
  const { $schema, $defs, examples, ...data } = resolveReferences(schema, file);
  return { file, name, type, source, data };
}

/** Reads which events each function and each service makes or takes, by the field `events` of its manifest. */
export function readEventPackages(root: string): EventPackage[] {
  return [...manifests(root, "functions", "function.json"), ...manifests(root, "services", "service.json")]
    .map(({ folder, file }) => ({ folder, events: readJson(root, file)["events"] as string[] | undefined }))
    .flatMap(({ folder, events = [] }) => (events.length === 0 ? [] : [{ folder, events }]));
}

function manifests(root: string, kind: string, name: string) {
  if (!existsSync(join(root, kind))) return [];
  return readdirSync(join(root, kind))
    .map((folder) => ({ folder: `${kind}/${folder}`, file: `${kind}/${folder}/${name}` }))
    .filter(({ file }) => existsSync(join(root, file)));
}

/**
 * Writes what packages take from the schemas of their events: to `generated/events/`, `types.ts` with a type for the data of each,
 * `validators.js` with a validator of each whole event, and `index.ts` with both, by the type of the event.
 *
 * @param root folder of the project
 * @param writeTypes makes the types
 * @returns path from the project's root to text, of every file
 * @throws Error naming the package and the schema that is not there
 */
export async function generateEvents(root: string, writeTypes: WriteTypes): Promise<GeneratedFiles> {
  const packages = readEventPackages(root);
  if (packages.length === 0) return {};
  const schemas = new Map(readEventSchemas(root).map((schema) => [schema.name, schema]));
  const envelope = readJson(root, ENVELOPE);
  const files: Record<string, string> = {};
  for (const { folder, events } of packages) {
    const used = [...new Set(events)].sort().map((name) => {
      const schema = schemas.get(name);
      if (schema) return schema;
      throw new Error(`${folder}: events: there is no ${name}; there are ${[...schemas.keys()].join(", ")}`);
    });
    const { js, declarations } = compile(
      "api/events",
      used.map((event) => [idOf(event), wholeEvent(envelope, event)] as const),
    );
    const types = await writeTypes(Object.fromEntries(used.map((event) => [typeOf(event), event.data])));
    files[`${folder}/generated/events/validators.js`] = js;
    files[`${folder}/generated/events/validators.d.ts`] = declarations;
    files[`${folder}/generated/events/types.ts`] = `${banner("api/events")}${types}`;
    files[`${folder}/generated/events/index.ts`] = index(used);
  }
  return files;
}

/** An event's envelope with what is true of this type alone. */
function wholeEvent(envelope: Schema, { type, source, name, data }: EventSchema): Schema {
  return {
    ...envelope,
    properties: {
      ...(envelope["properties"] as Schema),
      type: { const: type },
      source: { const: source },
      dataschema: { const: name },
      data,
    },
  };
}

function index(events: readonly EventSchema[]): string {
  const types = events.map(typeOf).join(", ");
  const entries = events.map(
    (event) =>
      `  "${event.type}": {\n    type: "${event.type}",\n    source: "${event.source}",\n    dataschema: "${event.name}",\n` +
      `    validate: validators.${idOf(event)},\n  } as EventContract<${typeOf(event)}, "${event.type}">,\n`,
  );
  return (
    `${banner("api/events")}import type { EventContract } from "../../../../runtime";\n` +
    `import type { ${types} } from "./types";\nimport * as validators from "./validators";\n\n` +
    `export type { ${types} } from "./types";\n\nexport const events = {\n${entries.join("")}} as const;\n`
  );
}

/** `orderPlacedV1` of `order-placed/v1`. */
function idOf({ name }: EventSchema): string {
  return name.replace(/[-/](.)/g, (_match, letter: string) => letter.toUpperCase());
}

/** `OrderPlacedV1` of `order-placed/v1`. */
function typeOf(event: EventSchema): string {
  return idOf(event).replace(/^./, (letter) => letter.toUpperCase());
}

function readJson(root: string, file: string): Schema {
  return JSON.parse(readFileSync(join(root, file), "utf8")) as Schema;
}
