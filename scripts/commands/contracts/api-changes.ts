import { isDeepStrictEqual } from "node:util";
import { type Change, Findings } from "./findings";
import { Place } from "./place";
import { compareSchemas, type Use } from "./schema-changes";

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/**
 * What in an API breaks clients that were written by its published document (OpenAPI 3.0), and was not told of as a new version.
 *
 * @param published the document as it was published
 * @param current as it is now
 * @returns none when every client goes on as before
 * @throws Error naming a reference that cannot be followed
 */
export function apiChanges(published: unknown, current: unknown): Change[] {
  const findings = new Findings();
  const [before, after] = [Place.of(published), Place.of(current)];
  compareServers(before, after, findings);
  for (const [path, item] of before.get("paths")?.entries() ?? []) {
    const now = after.get("paths")?.get(path);
    for (const [method, operation] of item.entries()) {
      if (!METHODS.includes(method)) continue;
      const operationNow = now?.get(method);
      if (!operationNow) {
        findings.add(operation, "the operation is gone: clients call it");
        continue;
      }
      compareOperations(operation, operationNow, findings);
      compareParameters(
        parametersOf(item, operation),
        parametersOf(now, operationNow),
        operationNow,
        findings,
      );
      compareSecurity(
        { operation, document: before },
        { operation: operationNow, document: after },
        findings,
      );
    }
  }
  return findings.changes;
}

/** Clients are made with their addresses: the part behind the host is how they join it with a path. */
function compareServers(before: Place, after: Place, findings: Findings): void {
  const urls = (document: Place) =>
    document
      .get("servers")
      ?.entries()
      .map(([, { value }]) => (value as { url?: string }).url);
  const now = urls(after) ?? [];
  for (const url of urls(before) ?? []) {
    if (!now.includes(url))
      findings.add(after.get("servers") ?? after, `the server ${url} is gone: clients are made with it`);
  }
}

function compareOperations(before: Place, after: Place, findings: Findings): void {
  const [id, idNow] = [before.get("operationId")?.value, after.get("operationId")?.value];
  if (id !== idNow) {
    findings.add(after, `operationId is ${idNow}, it was ${id}: generated clients call it by that name`);
  }
  compareBodies(before, after, findings);
  const [responses, responsesNow] = [before.get("responses"), after.get("responses")];
  for (const [status, response] of responses?.entries() ?? []) {
    const now = responsesNow?.get(status);
    if (now) {
      compareResponses(response, now, findings);
      continue;
    }
    const pointer = (responses ?? before).pointerTo(status);
    findings.add(pointer, `the answer ${status} is gone: clients wait for it`);
  }
  for (const [status] of responsesNow?.entries() ?? []) {
    // Of an error a client knows its class at least (RFC 9110, section 15).
    if (/^[45]/.test(status) || responses?.get(status)) continue;
    const pointer = (responsesNow ?? after).pointerTo(status);
    findings.add(pointer, `the answer ${status} is new: clients know no such answer`);
  }
}

function compareBodies(before: Place, after: Place, findings: Findings): void {
  const [body, now] = [before.get("requestBody"), after.get("requestBody")];
  if (now?.get("required")?.value === true && body?.get("required")?.value !== true) {
    findings.add(now, "the body is required: clients leave it out");
  }
  if (!body) return;
  if (now) compareContents(body, now, "request", findings);
  else findings.add(after, "the body is gone: clients send it");
}

function compareResponses(before: Place, after: Place, findings: Findings): void {
  const headers = before.get("headers");
  const headersNow = after.get("headers")?.entries() ?? [];
  for (const [name, header] of headers?.entries() ?? []) {
    const now = headersNow.find(([other]) => other.toLowerCase() === name.toLowerCase())?.[1];
    if (!now) {
      findings.add((headers ?? before).pointerTo(name), "the header is gone: clients read it");
      continue;
    }
    if (header.get("required")?.value === true && now.get("required")?.value !== true) {
      findings.add(now, "the header may be absent: clients read it");
    }
    compareInner(header, now, "response", findings);
  }
  compareContents(before, after, "response", findings);
}

/** Of bodies and answers. */
function compareContents(before: Place, after: Place, use: "request" | "response", findings: Findings): void {
  const [contents, contentsNow] = [before.get("content"), after.get("content")];
  for (const [type, content] of contents?.entries() ?? []) {
    const now = contentsNow?.get(type);
    if (now) compareInner(content, now, use, findings);
    else findings.add(content, `${type} is gone: clients ${use === "request" ? "send" : "read"} it`);
  }
  if (use === "request") return;
  for (const [type, content] of contentsNow?.entries() ?? []) {
    if (!contents?.get(type)) findings.add(content, `${type} is new: clients know no such answer`);
  }
}

/** The schemas of two parameters, headers or contents. */
function compareInner(before: Place, after: Place, use: Use, findings: Findings): void {
  const [schema, now] = [before.get("schema"), after.get("schema")];
  if (schema && now) compareSchemas(schema, now, use, findings);
  else if (schema || now)
    findings.add(after, `the schema is ${now ? "new" : "gone"}, which cannot be judged`);
  for (const name of ["style", "explode", "allowReserved", "content", "encoding"]) {
    if (isDeepStrictEqual(before.get(name)?.resolved(), after.get(name)?.resolved())) continue;
    findings.add(after, `${name} has changed, which cannot be judged`);
  }
}

type Parameters = ReadonlyMap<string, Place>;

/** By where they are and their name: those of the operation come before its path's. */
function parametersOf(item: Place | undefined, operation: Place): Parameters {
  const places = [item, operation].flatMap((place) => place?.get("parameters")?.entries() ?? []);
  return new Map(
    places.map(([, place]) => {
      const { in: where, name } = place.value as { readonly in: string; readonly name: string };
      return [`${where} parameter ${where === "header" ? name.toLowerCase() : name}`, place];
    }),
  );
}

function compareParameters(
  before: Parameters,
  after: Parameters,
  operation: Place,
  findings: Findings,
): void {
  const isRequired = (place: Place | undefined) => place?.get("required")?.value === true;
  for (const [key, parameter] of before) {
    const now = after.get(key);
    if (now) compareInner(parameter, now, "request", findings);
    else findings.add(operation, `the ${key} is gone: clients send it`);
  }
  for (const [key, parameter] of after) {
    if (isRequired(parameter) && !isRequired(before.get(key))) {
      findings.add(parameter, `the ${key} is required: clients leave it out`);
    }
  }
}

interface Secured {
  readonly operation: Place;
  readonly document: Place;
}

/** Scopes by the names of schemes, all of which are asked for. */
type Requirement = Readonly<Record<string, readonly string[]>>;

/** Who could call an operation still must be able to, by the same means. */
function compareSecurity(before: Secured, after: Secured, findings: Findings): void {
  const scheme = ({ document }: Secured, name: string) => {
    const { description, ...rest } = (document
      .get("components")
      ?.get("securitySchemes")
      ?.get(name)
      ?.resolved() ?? {}) as {
      readonly description?: string;
    };
    return rest;
  };
  const suffices = (had: Requirement) => (asked: Requirement) =>
    Object.entries(asked).every(
      ([name, scopes]) =>
        scopes.every((scope) => had[name]?.includes(scope)) &&
        had[name] !== undefined &&
        isDeepStrictEqual(scheme(before, name), scheme(after, name)),
    );
  for (const requirement of requirementsOf(before)) {
    if (requirementsOf(after).some(suffices(requirement))) continue;
    const means = Object.keys(requirement).join(" and ");
    const change =
      means === "" ? "calls without credentials are refused" : `credentials by ${means} no longer suffice`;
    findings.add(after.operation, `${change}: clients have no others`);
  }
}

/** @returns one or more, of which any suffices; that which asks for nothing lets everybody in */
function requirementsOf({ operation, document }: Secured): readonly Requirement[] {
  const security = (operation.get("security") ?? document.get("security"))?.resolved() as
    | Requirement[]
    | undefined;
  return security === undefined || security.length === 0 ? [{}] : security;
}
