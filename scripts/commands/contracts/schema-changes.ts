import { isDeepStrictEqual } from "node:util";
import type { Findings } from "./findings";
import type { Place } from "./place";

/**
 * Who a schema binds. A client writes a request: what is allowed no more breaks it. It reads an answer: what is allowed besides breaks it.
 * An event is read by consumers that know the old schema, and those who know the new one read old events, from the archive: both break.
 */
export type Use = "request" | "response" | "event";

/** What a change means to those who go by the old schema. */
const NARROWER = {
  request: "what clients send is refused",
  event: "events under way and in the archive are refused",
} as const;
const WIDER = {
  response: "clients know no such answer",
  event: "consumers refuse it",
} as const;

/** Keywords that say nothing of what is allowed. Where a field is read-only, say, is judged as any other keyword. */
const ANNOTATIONS =
  /^(title|description|examples?|deprecated|externalDocs|\$schema|\$id|\$defs|\$comment|x-.*)$/;

/** Keywords that `compareSchemas` understands. */
const UNDERSTOOD = [
  ...["type", "nullable", "enum", "const", "default", "format", "pattern", "uniqueItems"],
  ...[
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
  ],
  ...["items", "properties", "required", "additionalProperties"],
];

/** @param more a greater number allows more */
const BOUNDS = [
  { more: false, names: ["minimum", "minLength", "minItems", "minProperties"] },
  { more: true, names: ["maximum", "maxLength", "maxItems", "maxProperties"] },
];

const TYPES = ["array", "boolean", "integer", "null", "number", "object", "string"];

/**
 * Compares two schemas: of OpenAPI 3.0, or JSON Schema 2020-12. Clients ignore fields that they do not know, so further fields break
 * none; consumers of events ignore them where the schema does not forbid them.
 * What is not understood, such as `oneOf`, must stay as it is.
 */
export function compareSchemas(before: Place, after: Place, use: Use, findings: Findings): void {
  new Comparison(use, findings).compare(before, after);
}

class Comparison {
  /** Pairs that are compared already: schemas may hold themselves. */
  private readonly seen = new Set<string>();

  constructor(
    private readonly use: Use,
    private readonly findings: Findings,
  ) {}

  compare(before: Place, after: Place): void {
    const pair = `${before.pointer} ${after.pointer}`;
    if (this.seen.has(pair)) return;
    this.seen.add(pair);
    this.types(before, after);
    this.values(before, after);
    this.bounds(before, after);
    this.forms(before, after);
    this.defaults(before, after);
    this.fields(before, after);
    this.inner(before, after, "items");
    this.otherFields(before, after);
    this.others(before, after);
  }

  private types(before: Place, after: Place): void {
    const [were, are] = [typesOf(before), typesOf(after)];
    const [fewer, more] = [
      were.filter((type) => !are.includes(type)),
      are.filter((type) => !were.includes(type)),
    ];
    if (fewer.length > 0) this.narrower(after, `no longer allows the type ${fewer.join(", ")}`);
    if (more.length > 0) this.wider(after, `allows the type ${more.join(", ")} besides`);
  }

  private values(before: Place, after: Place): void {
    const [were, are] = [valuesOf(before), valuesOf(after)];
    if (were && are) {
      const [fewer, more] = [without(were, are), without(are, were)];
      if (fewer.length > 0) this.narrower(after, `no longer allows ${list(fewer)}`);
      if (more.length > 0) this.wider(after, `allows ${list(more)} besides`);
    } else if (are) this.narrower(after, `allows only ${list(are)}`);
    else if (were) this.wider(after, `allows more than ${list(were)}`);
  }

  private bounds(before: Place, after: Place): void {
    for (const { more, names } of BOUNDS) {
      for (const name of names) {
        const [was, is] = [numberAt(before, name), numberAt(after, name)];
        if (was === is) continue;
        const change = `${name} ${is === undefined ? "is gone" : `is ${is}`}, ${was === undefined ? "there was none" : `it was ${was}`}`;
        const isNarrower = was === undefined || (is !== undefined && (more ? is < was : is > was));
        if (isNarrower) this.narrower(after, change);
        else this.wider(after, change);
      }
    }
  }

  /** Of two patterns or formats that differ, neither is known to allow what the other does. */
  private forms(before: Place, after: Place): void {
    for (const name of ["format", "pattern", "uniqueItems"]) {
      const [was, is] = [formAt(before, name), formAt(after, name)];
      if (was === is) continue;
      const change = `${name} ${is === undefined ? "is gone" : `is ${is}`}, ${was === undefined ? "there was none" : `it was ${was}`}`;
      if (is !== undefined) this.narrower(after, change);
      if (was !== undefined) this.wider(after, change);
    }
  }

  private defaults(before: Place, after: Place): void {
    const [was, is] = [before.get("default"), after.get("default")];
    if (this.use !== "request" || isDeepStrictEqual(was?.value, is?.value)) return;
    const change = is ? `default is ${JSON.stringify(is.value)}` : "default is gone";
    const former = was ? `it was ${JSON.stringify(was.value)}` : "there was none";
    this.findings.add(after, `${change}, ${former}: clients that leave it out mean another value`);
  }

  private fields(before: Place, after: Place): void {
    const [known, others] = [before.get("properties"), schemaAt(before, "additionalProperties")];
    for (const [name, field] of known?.entries() ?? []) {
      const now = after.get("properties")?.get(name);
      if (now) this.compare(field, now);
      else this.findings.add(known?.pointerTo(name) ?? field, `the field is gone: ${GONE[this.use]}`);
    }
    for (const [name, field] of after.get("properties")?.entries() ?? []) {
      if (known?.get(name)) continue;
      // It was one of the other fields, and these were bound, or refused by the validators of consumers.
      if (others) this.compare(others, field);
      else if (this.use === "event" && before.get("additionalProperties")?.value === false) {
        this.wider(field, "the field is new, and no others were allowed");
      }
    }
    const [were, are] = [requiredOf(before), requiredOf(after)];
    for (const name of without(are, were)) {
      const change = `the field ${JSON.stringify(name)} is required`;
      if (this.use === "request") this.findings.add(after, `${change}: clients leave it out`);
      if (this.use === "event")
        this.findings.add(after, `${change}: events under way and in the archive lack it`);
    }
    for (const name of without(were, are)) {
      // One that is gone altogether is told of already.
      if (!after.get("properties")?.get(String(name)) && before.get("properties")?.get(String(name)))
        continue;
      this.wider(after, `the field ${JSON.stringify(name)} may be absent`);
    }
  }

  private otherFields(before: Place, after: Place): void {
    const [was, is] = [before.get("additionalProperties"), after.get("additionalProperties")];
    if (was?.value === false) {
      if (this.use === "event" && is?.value !== false) this.wider(after, "allows other fields");
      return;
    }
    if (is?.value === false) this.narrower(after, "allows no other fields");
    else this.inner(before, after, "additionalProperties");
  }

  /** A schema below another; without one, anything is allowed. */
  private inner(before: Place, after: Place, name: string): void {
    const [was, is] = [schemaAt(before, name), schemaAt(after, name)];
    if (was && is) this.compare(was, is);
    else if (is) this.narrower(after, `${name} are bound, they were not`);
    else if (was) this.wider(after, `${name} are bound no more`);
  }

  private others(before: Place, after: Place): void {
    const names = [...before.entries(), ...after.entries()].map(([name]) => name);
    for (const name of new Set(names)) {
      if (UNDERSTOOD.includes(name) || ANNOTATIONS.test(name)) continue;
      if (isDeepStrictEqual(before.get(name)?.resolved(), after.get(name)?.resolved())) continue;
      this.findings.add(after, `${name} has changed, which cannot be judged`);
    }
  }

  private narrower(place: Place, change: string): void {
    if (this.use !== "response") this.findings.add(place, `${change}: ${NARROWER[this.use]}`);
  }

  private wider(place: Place, change: string): void {
    if (this.use !== "request") this.findings.add(place, `${change}: ${WIDER[this.use]}`);
  }
}

const GONE = {
  request: "clients send it",
  response: "clients read it",
  event: "consumers read it",
} as const satisfies Record<Use, string>;

/** A number may be an integer, so who allows numbers allows both. */
function typesOf(schema: Place): string[] {
  const type = schema.get("type")?.value;
  if (type === undefined) return TYPES;
  const types = Array.isArray(type) ? (type as string[]) : [String(type)];
  return [
    ...new Set([
      ...types,
      ...(types.includes("number") ? ["integer"] : []),
      ...(schema.get("nullable")?.value === true ? ["null"] : []),
    ]),
  ];
}

function valuesOf(schema: Place): unknown[] | undefined {
  const only = schema.get("const");
  return only ? [only.value] : (schema.get("enum")?.value as unknown[] | undefined);
}

function requiredOf(schema: Place): unknown[] {
  return (schema.get("required")?.value as unknown[] | undefined) ?? [];
}

function numberAt(schema: Place, name: string): number | undefined {
  return schema.get(name)?.value as number | undefined;
}

/** @returns none for `uniqueItems: false`, which says nothing */
function formAt(schema: Place, name: string): string | undefined {
  const value = schema.get(name)?.value;
  return value === undefined || value === false ? undefined : String(value);
}

/** @returns none for `true`, which allows anything */
function schemaAt(schema: Place, name: string): Place | undefined {
  const inner = schema.get(name);
  return typeof inner?.value === "object" ? inner : undefined;
}

function without(values: readonly unknown[], taken: readonly unknown[]): unknown[] {
  return values.filter((value) => !taken.some((each) => isDeepStrictEqual(each, value)));
}

function list(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(", ");
}
