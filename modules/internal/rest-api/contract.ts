import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type Deprecation, readDeprecation } from "./deprecation";

/** A JSON schema, or any other JSON object of the document. */
export type JsonObject = { readonly [key: string]: JsonValue };
/** Any JSON value. */
export type JsonValue = string | number | boolean | null | JsonObject | readonly JsonValue[];

/** One operation of an API. */
export interface Operation {
  /** `operationId` of the document, e.g. `listTodos`. */
  readonly id: string;
  /** HTTP method in capitals. */
  readonly method: string;
  /** Path with its parameters in braces, e.g. `/todos/{id}`. */
  readonly path: string;
  /** Package under `functions/` that serves the operation: `x-function`. */
  readonly functionName: string;
  /**
   * Who may call it, by its security scheme: users with an ID token of the user pool (`userPool`), or AWS principals that may invoke
   * it, by a signed request (`sigv4`).
   */
  readonly authorization: "userPool" | "iam";
  /** The stage cache may answer this GET: `x-cache: true`. */
  readonly cacheable: boolean;
  /** Parameters in API Gateway's terms, e.g. `method.request.querystring.limit`, to whether each is required. */
  readonly parameters: Readonly<Record<string, boolean>>;
  /** Schema of the JSON body, references resolved. Absent when the operation takes none. */
  readonly bodySchema?: JsonObject;
  /** Type of that body: `application/json`, or a merge patch, `application/merge-patch+json`. */
  readonly bodyMediaType?: string;
}

/** What a REST API is made from. */
export interface Contract {
  /** Name of the API, from its folder: `api/<name>/<version>.yaml`. */
  readonly name: string;
  /** Version, from its file name, e.g. `v1`. Becomes the stage. */
  readonly version: string;
  /** Title of the document. */
  readonly title: string;
  /** Operations in the document's order. */
  readonly operations: readonly Operation[];
  /** When it goes, and what comes after it: `info.x-deprecation`. Absent while it is no version to move away from. */
  readonly deprecation?: Deprecation;
}

const METHODS = ["get", "post", "put", "patch", "delete"];
/** Methods that OpenAPI knows and this platform does not serve: OPTIONS is the preflight's. */
const OTHER_METHODS = ["head", "options", "trace"];
const LOCATIONS: Readonly<Record<string, string>> = { query: "querystring", header: "header", path: "path" };

/**
 * Reads an OpenAPI document.
 *
 * @param root folder of the project
 * @param name name of the API, e.g. `todos`
 * @param version version of the API, e.g. `v1`
 * @throws Error naming the file and the place when an operation lacks what a deployment needs, or asks for what API Gateway
 * does not have
 */
export function loadContract(root: string, name: string, version: string): Contract {
  const file = contractPath(name, version);
  const document = readDocument(root, file);
  const paths = object(document["paths"], `${file}: paths`);
  const operations = Object.entries(paths).flatMap(([path, item]) => {
    const pathItem = object(item, `${file}: paths.${path}`);
    const other = OTHER_METHODS.find((method) => method in pathItem);
    if (other)
      throw new Error(`${file}: ${other.toUpperCase()} ${path}: this method is not served; remove it`);
    return METHODS.filter((method) => method in pathItem).map((method) =>
      readOperation({ document, file, path, pathItem, method }),
    );
  });
  if (operations.length === 0) throw new Error(`${file}: paths holds no operation`);
  checkTogether(file, operations);
  const info = object(document["info"], `${file}: info`);
  const deprecation = readDeprecation(info["x-deprecation"], `${file}: info.x-deprecation`);
  const { successor } = deprecation ?? {};
  if (successor !== undefined && !isLater(root, name, successor, version)) {
    throw new Error(
      `${file}: info.x-deprecation.successor must be a later version that there is a document of, got ${successor}`,
    );
  }
  return { name, version, title: String(info["title"]), operations, ...(deprecation && { deprecation }) };
}

/**
 * Reads every OpenAPI document under `api/` that functions serve, once for all environments. Those of container services, whose
 * operations have `x-service`, are not behind API Gateway.
 *
 * @param root folder of the project
 * @returns contracts by `<name>/<version>`
 * @throws Error as `loadContract` does
 */
export function loadContracts(root: string): Record<string, Contract> {
  const contracts = readdirSync(join(root, "api"), { recursive: true, encoding: "utf8" })
    .sort()
    .flatMap((path) => {
      const [, name, version] = /^([^/\\]+)[/\\](v\d+)\.yaml$/.exec(path) ?? [];
      if (name === undefined || version === undefined || servedByContainer(root, `api/${path}`)) return [];
      return [loadContract(root, name, version)];
    });
  return Object.fromEntries(contracts.map((contract) => [`${contract.name}/${contract.version}`, contract]));
}

/** Always a later one: so following successors comes to an end. */
function isLater(root: string, name: string, successor: string, version: string): boolean {
  return (
    Number(successor.slice(1)) > Number(version.slice(1)) &&
    existsSync(join(root, contractPath(name, successor)))
  );
}

function contractPath(name: string, version: string): string {
  return `api/${name}/${version}.yaml`;
}

function servedByContainer(root: string, file: string): boolean {
  const paths = readDocument(root, file)["paths"];
  const operations = Object.values(Object(paths) as JsonObject).flatMap((item) =>
    Object.values(Object(item)),
  );
  return operations.some((operation) => Object(operation)["x-service"] !== undefined);
}

function readDocument(root: string, file: string): JsonObject {
  const path = join(root, file);
  if (!existsSync(path)) throw new Error(`${file}: no such file`);
  try {
    return object(parse(readFileSync(path, "utf8")), "the document");
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}

/** What no operation shows alone: API Gateway refuses two names of one model, and two names of one place in a path. */
function checkTogether(file: string, operations: readonly Operation[]): void {
  const ids = new Set<string>();
  const variables = new Map<string, string>();
  for (const { id, path } of operations) {
    if (ids.has(id)) throw new Error(`${file}: two operations have the operationId "${id}"`);
    ids.add(id);
    const parts = path.split("/");
    for (const [index, part] of parts.entries()) {
      if (!part.startsWith("{")) continue;
      const parent = parts.slice(0, index).join("/");
      const sibling = variables.get(parent) ?? part;
      if (sibling !== part) {
        throw new Error(
          `${file}: ${part} and ${sibling} are both below ${parent || "/"}; use one name for both`,
        );
      }
      variables.set(parent, part);
    }
  }
}

interface OperationSource {
  readonly document: JsonObject;
  readonly file: string;
  readonly path: string;
  readonly pathItem: JsonObject;
  readonly method: string;
}

function readOperation({ document, file, path, pathItem, method }: OperationSource): Operation {
  const place = `${file}: ${method.toUpperCase()} ${path}`;
  const resolve = (value: JsonValue) => resolveReferences(value, document, place);
  const operation = object(pathItem[method], place);
  const functionName = operation["x-function"];
  if (typeof functionName !== "string") {
    throw new Error(
      `${place}: x-function must name the package under functions/ that serves it, got ${functionName}`,
    );
  }
  if (typeof operation["operationId"] !== "string") throw new Error(`${place}: operationId is missing`);
  const authorization = readAuthorization(operation["security"] ?? document["security"], place);
  const cacheable = operation["x-cache"] === true;
  if (cacheable && method !== "get") throw new Error(`${place}: x-cache is for GET alone`);
  if (cacheable && authorization === "iam") {
    // A signature is good for one request: as a part of the key, it would find nothing.
    throw new Error(`${place}: x-cache is for operations of users alone`);
  }

  const parameters = [...list(pathItem["parameters"]), ...list(operation["parameters"])].map((parameter) =>
    object(resolve(parameter), `${place}: parameters`),
  );
  const content = object(resolve(operation["requestBody"] ?? {}), place)["content"];
  const [bodyMediaType, body] = bodyOf(object(content ?? {}, place));
  const schema = object(body, place)["schema"];
  return {
    id: operation["operationId"],
    method: method.toUpperCase(),
    path,
    functionName,
    authorization,
    cacheable,
    parameters: Object.fromEntries(
      parameters
        .filter((parameter) => String(parameter["in"]) in LOCATIONS)
        .map((parameter) => [
          `method.request.${LOCATIONS[String(parameter["in"])]}.${parameter["name"]}`,
          parameter["required"] === true,
        ]),
    ),
    ...(schema ? { bodySchema: object(schema, `${place}: requestBody`), bodyMediaType } : {}),
  };
}

/** Types of bodies that API Gateway can hold against a schema. */
const BODY_TYPES = ["application/json", "application/merge-patch+json"];

/** The body that has a schema, and its type. Of no such body: nothing. */
function bodyOf(content: JsonObject): [mediaType: string, body: JsonValue] {
  const mediaType = BODY_TYPES.find((type) => type in content) ?? "";
  return [mediaType, content[mediaType] ?? {}];
}

/** Security schemes by their names in the documents. */
const SCHEMES: Readonly<Record<string, Operation["authorization"]>> = { userPool: "userPool", sigv4: "iam" };

/** A method of API Gateway has one authorisation. An empty requirement, `{}`, would mean that anybody may call. */
function readAuthorization(security: JsonValue | undefined, place: string): Operation["authorization"] {
  const names = list(security).map((requirement) => Object.keys(Object(requirement)));
  if (names.length === 0 || names.some(({ length }) => length === 0)) {
    throw new Error(`${place}: security must name a scheme in each entry; every operation is authorised`);
  }
  const [name = "", ...others] = names.flat();
  if (others.length === 0 && Object.hasOwn(SCHEMES, name)) return SCHEMES[name] as Operation["authorization"];
  const known = Object.keys(SCHEMES).join(", ");
  throw new Error(`${place}: security must be one of ${known}, got ${names.flat().join(", ")}`);
}

/** Replaces every `$ref` within the document by what it refers to. Recursive schemas are refused. */
function resolveReferences(
  value: JsonValue,
  document: JsonObject,
  place: string,
  trail: readonly string[] = [],
): JsonValue {
  if (Array.isArray(value)) return value.map((item) => resolveReferences(item, document, place, trail));
  if (value === null || typeof value !== "object") return value;
  const reference = (value as JsonObject)["$ref"];
  if (typeof reference === "string") {
    if (trail.includes(reference)) {
      throw new Error(`${place}: ${reference} refers to itself; API Gateway models cannot`);
    }
    const target = lookUp(reference, document);
    if (target === undefined) throw new Error(`${place}: ${reference} refers to nothing in the document`);
    return resolveReferences(target, document, place, [...trail, reference]);
  }
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([key, item]) => [
      key,
      resolveReferences(item, document, place, trail),
    ]),
  );
}

/** Follows a JSON pointer, RFC 6901, within the document. */
function lookUp(reference: string, document: JsonObject): JsonValue | undefined {
  if (!reference.startsWith("#/")) return undefined;
  return reference
    .slice(2)
    .split("/")
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<JsonValue | undefined>((node, key) => (node as JsonObject | undefined)?.[key], document);
}

function object(value: JsonValue | undefined, place: string): JsonObject {
  if (value === undefined || value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new Error(`${place} must be an object, got ${JSON.stringify(value)}`);
  }
  return value as JsonObject;
}

function list(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}
