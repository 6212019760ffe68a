import Ajv from "ajv";
import fc from "fast-check";
import { Findings } from "./findings";
import { Place } from "./place";
import { compareSchemas, type Use } from "./schema-changes";

function changes(before: object, after: object, use: Use): string[] {
  const findings = new Findings();
  compareSchemas(Place.of(before), Place.of(after), use, findings);
  return findings.changes.map(({ pointer, change }) => `${pointer} ${change}`);
}

const SENT = "what clients send is refused";
const UNKNOWN = "clients know no such answer";
const KEPT = "events under way and in the archive are refused";
const REFUSED = "consumers refuse it";

/** What becomes of a field when one schema takes the place of the other. */
interface Case {
  readonly name: string;
  readonly before: object;
  readonly after: object;
  /** Breaks who writes. @default nobody */
  readonly narrower?: string;
  /** Breaks who reads. @default nobody */
  readonly wider?: string;
}

const text = { type: "string" };

test.each<Case>([
  {
    name: "a type less",
    before: { type: ["string", "null"] },
    after: text,
    narrower: "no longer allows the type null",
  },
  {
    name: "a type more",
    before: text,
    after: { type: ["string", "null"] },
    wider: "allows the type null besides",
  },
  {
    name: "nullable no more",
    before: { ...text, nullable: true },
    after: text,
    narrower: "no longer allows the type null",
  },
  {
    name: "nullable",
    before: text,
    after: { ...text, nullable: true },
    wider: "allows the type null besides",
  },
  {
    name: "an integer for a number",
    before: { type: "number" },
    after: { type: "integer" },
    narrower: "no longer allows the type number",
  },
  {
    name: "a number for an integer",
    before: { type: "integer" },
    after: { type: "number" },
    wider: "allows the type number besides",
  },
  {
    name: "another type",
    before: text,
    after: { type: "boolean" },
    narrower: "no longer allows the type string",
    wider: "allows the type boolean besides",
  },
  {
    name: "a value less",
    before: { enum: ["a", "b"] },
    after: { enum: ["a"] },
    narrower: 'no longer allows "b"',
  },
  { name: "a value more", before: { enum: ["a"] }, after: { enum: ["b", "a"] }, wider: 'allows "b" besides' },
  { name: "values named", before: {}, after: { enum: ["a"] }, narrower: 'allows only "a"' },
  { name: "values named no more", before: { const: "a" }, after: {}, wider: 'allows more than "a"' },
  { name: "a value named otherwise", before: { const: "a" }, after: { enum: ["a"] } },
  {
    name: "a lower most",
    before: { maxLength: 9 },
    after: { maxLength: 8 },
    narrower: "maxLength is 8, it was 9",
  },
  { name: "a higher most", before: { maximum: 8 }, after: { maximum: 9 }, wider: "maximum is 9, it was 8" },
  { name: "a new most", before: {}, after: { maxItems: 8 }, narrower: "maxItems is 8, there was none" },
  { name: "a most that is gone", before: { maxItems: 8 }, after: {}, wider: "maxItems is gone, it was 8" },
  {
    name: "a higher least",
    before: { minimum: 0 },
    after: { minimum: 1 },
    narrower: "minimum is 1, it was 0",
  },
  {
    name: "a lower least",
    before: { minLength: 1 },
    after: { minLength: 0 },
    wider: "minLength is 0, it was 1",
  },
  { name: "a new least", before: {}, after: { minItems: 1 }, narrower: "minItems is 1, there was none" },
  {
    name: "a least that is gone",
    before: { minProperties: 1 },
    after: {},
    wider: "minProperties is gone, it was 1",
  },
  {
    name: "another pattern",
    before: { pattern: "a" },
    after: { pattern: "b" },
    narrower: "pattern is b, it was a",
    wider: "pattern is b, it was a",
  },
  {
    name: "a new format",
    before: text,
    after: { ...text, format: "uuid" },
    narrower: "format is uuid, there was none",
  },
  {
    name: "a format that is gone",
    before: { ...text, format: "uuid" },
    after: text,
    wider: "format is gone, it was uuid",
  },
  {
    name: "no two alike",
    before: {},
    after: { uniqueItems: true },
    narrower: "uniqueItems is true, there was none",
  },
  {
    name: "two alike",
    before: { uniqueItems: true },
    after: { uniqueItems: false },
    wider: "uniqueItems is gone, it was true",
  },
  {
    name: "items bound",
    before: { type: "array" },
    after: { type: "array", items: text },
    narrower: "items are bound, they were not",
  },
  {
    name: "items bound no more",
    before: { type: "array", items: text },
    after: { type: "array" },
    wider: "items are bound no more",
  },
  {
    name: "no other fields",
    before: {},
    after: { additionalProperties: false },
    narrower: "allows no other fields",
  },
  {
    name: "one of the other fields named",
    before: { additionalProperties: { minLength: 1 } },
    after: { additionalProperties: { minLength: 1 }, properties: { a: { minLength: 1, maxLength: 2 } } },
    narrower: "/properties/a maxLength is 2, there was none",
  },
  {
    name: "other fields bound",
    before: { additionalProperties: true },
    after: { additionalProperties: text },
    narrower: "additionalProperties are bound, they were not",
  },
  {
    name: "another text",
    before: { description: "a", title: "a", examples: ["a"] },
    after: { description: "b", deprecated: true },
  },
])("$name", ({ before, after, narrower, wider }) => {
  const field = (schema: object) => ({ properties: { f: schema } });
  const told = (change: string | undefined, reason: string) =>
    change === undefined ? [] : [`#/properties/f${change.startsWith("/") ? "" : " "}${change}: ${reason}`];
  const compared = (use: Use) => changes(field(before), field(after), use);
  expect(compared("request")).toEqual(told(narrower, SENT));
  expect(compared("response")).toEqual(told(wider, UNKNOWN));
  expect(compared("event")).toEqual([...told(narrower, KEPT), ...told(wider, REFUSED)]);
});

const CLOSED = { additionalProperties: false };
const A = { properties: { a: text } };
const A_REQUIRED = { ...A, required: ["a"] };
const NONE = { properties: {} };

test.each<[string, object, object, Record<Use, string[]>]>([
  ["a new field, which may be absent", NONE, A, { request: [], response: [], event: [] }],
  [
    "a new field that is required",
    NONE,
    A_REQUIRED,
    {
      request: ['# the field "a" is required: clients leave it out'],
      response: [],
      event: ['# the field "a" is required: events under way and in the archive lack it'],
    },
  ],
  [
    "a field that may be absent now",
    A_REQUIRED,
    A,
    {
      request: [],
      response: [`# the field "a" may be absent: ${UNKNOWN}`],
      event: [`# the field "a" may be absent: ${REFUSED}`],
    },
  ],
  [
    "a field that is gone",
    A_REQUIRED,
    NONE,
    {
      request: ["#/properties/a the field is gone: clients send it"],
      response: ["#/properties/a the field is gone: clients read it"],
      event: ["#/properties/a the field is gone: consumers read it"],
    },
  ],
  ["other fields", CLOSED, {}, { request: [], response: [], event: [`# allows other fields: ${REFUSED}`] }],
  [
    "a new field where no others were allowed",
    { ...NONE, ...CLOSED },
    { ...A, ...CLOSED },
    {
      ...{ request: [], response: [] },
      event: [`#/properties/a the field is new, and no others were allowed: ${REFUSED}`],
    },
  ],
  [
    "another default",
    { default: 1 },
    { default: 2 },
    {
      request: ["# default is 2, it was 1: clients that leave it out mean another value"],
      response: [],
      event: [],
    },
  ],
  [
    "a default that is gone",
    { default: 1 },
    {},
    {
      request: ["# default is gone, it was 1: clients that leave it out mean another value"],
      response: [],
      event: [],
    },
  ],
])("%s", (_name, before, after, expected) => {
  for (const use of ["request", "response", "event"] as const)
    expect(changes(before, after, use)).toEqual(expected[use]);
});

describe("what is deep inside", () => {
  const items = (most: number) => ({
    properties: { "a/b": { type: "array", items: { $ref: "#/$defs/Item" } } },
    $defs: { Item: { properties: { name: { maxLength: most } } } },
  });

  test("is pointed at where it is defined", () => {
    expect(changes(items(9), items(8), "request")).toEqual([
      `#/$defs/Item/properties/name maxLength is 8, it was 9: ${SENT}`,
    ]);
  });

  test("is pointed at where it was, when it is gone", () => {
    const gone = { ...items(9), properties: {} };
    expect(changes(items(9), gone, "request")).toEqual([
      "#/properties/a~1b the field is gone: clients send it",
    ]);
    const shared = { properties: { a: { $ref: "#/$defs/A" } }, $defs: { A: {} } };
    expect(changes(shared, NONE, "request")).toEqual(["#/properties/a the field is gone: clients send it"]);
  });

  test("is pointed at behind names with slashes", () => {
    const at = (schema: object) => ({ properties: { "a/b": schema } });
    expect(changes(at({}), at({ maxLength: 1 }), "request")).toEqual([
      `#/properties/a~1b maxLength is 1, there was none: ${SENT}`,
    ]);
  });

  test("may hold itself", () => {
    const tree = (most: number) => ({
      $ref: "#/$defs/Tree",
      $defs: { Tree: { maxProperties: most, properties: { left: { $ref: "#/$defs/Tree" } } } },
    });
    const at = (most: number) => ({
      properties: { root: { $ref: "#/$defs/Tree" } },
      $defs: tree(most).$defs,
    });
    expect(changes(at(3), at(2), "request")).toEqual([`#/$defs/Tree maxProperties is 2, it was 3: ${SENT}`]);
  });
});

describe("what is not understood", () => {
  const either = (most: number) => ({
    properties: { f: { oneOf: [{ $ref: "#/$defs/Short" }, { type: "null" }] } },
    $defs: { Short: { maxLength: most } },
  });

  test("may stay as it is", () => {
    expect(changes(either(9), either(9), "event")).toEqual([]);
  });

  test("breaks everybody when it changes, behind a reference too", () => {
    expect(changes(either(9), either(10), "request")).toEqual([
      "#/properties/f oneOf has changed, which cannot be judged",
    ]);
  });

  test.each([
    [
      "a reference that leads nowhere",
      { $ref: "#/$defs/Gone" },
      '#/properties/f: "#/$defs/Gone" leads nowhere',
    ],
    ["a reference to another document", { $ref: "other.json" }, '#/properties/f: "other.json" leads nowhere'],
    [
      "a reference to itself",
      { $ref: "#/properties/f" },
      '#/properties/f: "#/properties/f" leads round in a circle',
    ],
    [
      "a reference with a bound beside it",
      { $ref: "#/$defs/Gone", maxLength: 1 },
      "#/properties/f has maxLength beside its $ref, which cannot be judged",
    ],
  ])("%s is refused", (_name, f, message) => {
    expect(() => changes({ properties: { f } }, { properties: { f } }, "event")).toThrow(new Error(message));
  });
});

describe("any schemas and values", () => {
  const ajv = new Ajv({ strict: false, meta: false, validateSchema: false });
  const bound = fc.integer({ min: 0, max: 3 });
  const kinds = [
    fc.record(
      {
        type: fc.constant("string"),
        minLength: bound,
        maxLength: bound,
        pattern: fc.constantFrom("^a", "b$"),
      },
      { requiredKeys: [] },
    ),
    fc.record(
      { type: fc.constantFrom("integer", "number"), minimum: bound, maximum: bound },
      { requiredKeys: [] },
    ),
    fc.record({ enum: fc.subarray(["a", "bb", 1, 2.5, null], { minLength: 1 }) }),
    fc.record({ type: fc.subarray(["string", "number", "null"], { minLength: 1 }) }),
  ];
  const kind = fc.constantFrom(...kinds);
  const leaf = kind.chain((one): fc.Arbitrary<object> => one);
  const whole = fc.record(
    {
      properties: fc.record({ a: leaf, b: leaf }, { requiredKeys: [] }),
      required: fc.subarray(["a", "b"]),
      additionalProperties: fc.oneof(fc.boolean(), leaf),
    },
    { requiredKeys: ["properties"] },
  );
  /** Two that are near one another, as two versions are: some keywords of the one come from the other, or are gone. */
  const near = <T extends object>(drawn: fc.Arbitrary<T>) =>
    fc.tuple(drawn, drawn, fc.infiniteStream(fc.boolean())).map(([before, other, coins]) => {
      const names = [...new Set([...Object.keys(before), ...Object.keys(other)])] as (keyof T)[];
      const after = names.flatMap((name) => {
        const from = coins.next().value ? before : other;
        return Object.hasOwn(from, name) ? [[name, from[name]]] : [];
      });
      return [before, Object.fromEntries(after) as Partial<T>] as const;
    });
  const nearLeaves = kind.chain((one) => near<object>(one));
  type Drawn = { readonly properties?: object; readonly additionalProperties?: unknown };
  const pair: fc.Arbitrary<readonly [Drawn, Drawn]> = fc.oneof(
    near(whole),
    nearLeaves.map(([was, is]) => [{ properties: { a: was } }, { properties: { a: is } }] as const),
    nearLeaves.map(
      ([was, is]) => [{ properties: { c: { items: was } } }, { properties: { c: { items: is } } }] as const,
    ),
  );
  const scalar = fc.constantFrom("", "a", "bb", "ab", "abb", "aaaa", 0, 1, 2, 2.5, 3, null);
  const value = fc.record(
    { a: scalar, b: scalar, c: fc.array(scalar, { maxLength: 2 }), d: scalar },
    { requiredKeys: [] },
  );

  /** Calls `check` with pairs between which nothing is said to break, and with values. */
  function wherever(use: Use, check: (before: Drawn, after: Drawn, values: readonly object[]) => void): void {
    let compatible = 0;
    fc.assert(
      fc.property(pair, fc.array(value, { minLength: 20, maxLength: 20 }), ([before, after], values) => {
        if (changes(before, after, use).length > 0) return;
        compatible += 1;
        check(before, after, values);
      }),
      { numRuns: 300 },
    );
    expect(compatible).toBeGreaterThan(40);
  }

  /** Where anything was allowed, a field that nobody knew may be bound now: nobody wrote it. */
  function written({ properties = {}, additionalProperties }: Drawn, each: object): object {
    if (typeof additionalProperties === "object") return each;
    return Object.fromEntries(Object.entries(each).filter(([name]) => Object.hasOwn(properties, name)));
  }

  /** Whoever takes the one takes the other: of values that `from` allows, all are allowed by `to`. */
  function expectAllowed(from: Drawn, to: Drawn, values: readonly object[]): void {
    const [was, is] = [ajv.compile(from), ajv.compile(to)];
    for (const each of values) {
      if (was(each)) expect({ each, allowed: is(each) }).toEqual({ each, allowed: true });
    }
  }

  test("a request that was right is right", () => {
    wherever("request", (before, after, values) =>
      expectAllowed(
        before,
        after,
        values.map((each) => written(before, each)),
      ),
    );
  });

  test("an answer is what it was, to who ignores the fields that are new", () => {
    wherever("response", (before, after, values) => {
      const { additionalProperties: others, ...rest } = before;
      expectAllowed(after, others === false ? rest : before, values);
    });
  });

  test("an event is read by who knows either schema", () => {
    wherever("event", (before, after, values) => {
      expectAllowed(after, before, values);
      expectAllowed(
        before,
        after,
        values.map((each) => written(before, each)),
      );
    });
  });
});
