import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";

/** JSON schema of one value. */
export type Schema = { readonly [key: string]: unknown };

/** What one operation receives besides its path parameters. */
export interface OperationSchemas {
  /** `operationId`, e.g. `listTodos`. */
  readonly id: string;
  /** Package that serves it: `functions/<name>`, or `services/<name>` for a container service. */
  readonly package: string;
  /** Further packages that take its schemas: they read the same from elsewhere. @default none */
  readonly sharedWith?: readonly string[];
  /** Query parameters and headers as one object, each under its own name. */
  readonly parameters: Schema;
  /** JSON body, or merge patch. Absent when the operation takes none. */
  readonly body?: Schema;
}

/** One document below `api/`. */
export interface Document {
  /** Path from the project's root, e.g. `api/todos/v1.yaml`. */
  readonly file: string;
  /** Its file name, e.g. `v1`. */
  readonly version: string;
  readonly operations: readonly OperationSchemas[];
}

/**
 * Reads every document below `api/`, references resolved.
 *
 * @param root folder of the project
 * @throws Error naming the file and the reference that leads nowhere, or the operation that nothing serves
 */
export function readDocuments(root: string): Document[] {
  const names = readdirSync(join(root, "api"), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  return names
    .flatMap(({ name }) =>
      readdirSync(join(root, "api", name))
        .filter((file) => file.endsWith(".yaml"))
        .map((file) => `api/${name}/${file}`),
    )
    .sort()
    .map((file) => readDocument(file, readFileSync(join(root, file), "utf8")));
}

/** Reads one document from its text. */
export function readDocument(file: string, text: string): Document {
  const source = parse(text) as Schema;
  const document = resolve(source, source, file) as { paths: Record<string, Record<string, unknown>> };
  const operations = Object.values(document.paths).flatMap((pathItem) =>
    Object.values(pathItem)
      .filter((operation): operation is RawOperation => hasOperationId(operation))
      .map((operation) => readOperation(file, operation, (pathItem["parameters"] ?? []) as RawParameter[])),
  );
  return { file, version: basename(file, ".yaml"), operations };
}

interface RawParameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

interface RawOperation {
  readonly operationId: string;
  readonly "x-function"?: string;
  readonly "x-service"?: string;
  readonly "x-shared-with"?: readonly string[];
  readonly parameters?: readonly RawParameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

function hasOperationId(value: unknown): boolean {
  return typeof value === "object" && value !== null && "operationId" in value;
}

function packageOf(file: string, operation: RawOperation): string {
  const { operationId, "x-function": functionName, "x-service": serviceName } = operation;
  if (functionName !== undefined && serviceName === undefined) return `functions/${functionName}`;
  if (serviceName !== undefined && functionName === undefined) return `services/${serviceName}`;
  throw new Error(
    `${file}: ${operationId}: either x-function or x-service must name the package that serves it`,
  );
}

function readOperation(
  file: string,
  operation: RawOperation,
  ofPath: readonly RawParameter[],
): OperationSchemas {
  // Path parameters are no part: what is no id is simply not found.
  const parameters = [...ofPath, ...(operation.parameters ?? [])].filter(({ in: place }) => place !== "path");
  const { content = {} } = operation.requestBody ?? {};
  const body = (content["application/json"] ?? content["application/merge-patch+json"])?.schema;
  return {
    id: operation.operationId,
    package: packageOf(file, operation),
    parameters: {
      type: "object",
      required: parameters.filter(({ required }) => required === true).map(({ name }) => name),
      properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])),
    },
    ...(body && { body }),
    ...(operation["x-shared-with"] && { sharedWith: operation["x-shared-with"] }),
  };
}

/**
 * Puts what is referred to in the place of each reference. None may lead back to itself.
 *
 * @param file named in errors
 * @throws Error naming the file and the reference that leads nowhere
 */
export function resolveReferences(document: Schema, file: string): Schema {
  return resolve(document, document, file) as Schema;
}

function resolve(value: unknown, document: Schema, file: string): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, document, file));
  if (value === null || typeof value !== "object") return value;
  const reference = (value as Schema)["$ref"];
  if (typeof reference !== "string") {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, resolve(item, document, file)]),
    );
  }
  const target = reference
    .replace(/^#\//, "")
    .split("/")
    .reduce<unknown>((node, key) => (node as Schema | undefined)?.[key], document);
  if (target === undefined) throw new Error(`${file}: ${reference} refers to nothing in the document`);
  return resolve(target, document, file);
}
