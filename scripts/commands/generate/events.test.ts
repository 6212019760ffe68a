import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import Ajv from "ajv/dist/2020";
import { buildSync } from "esbuild";
import { parse } from "yaml";
import { formats } from "../../../runtime/formats";
import { resolveReferences, type Schema } from "./contract";
import { type EventSchema, generateEvents, readEventSchemas } from "./events";

const ROOT = resolve(__dirname, "../../..");
const schemas = readEventSchemas(ROOT);
const envelope = JSON.parse(readFileSync(join(ROOT, "api/events/envelope.json"), "utf8")) as Schema;

const rawSchema = ({ file }: EventSchema) => JSON.parse(readFileSync(join(ROOT, file), "utf8")) as Schema;
const exampleOf = (name: string) => {
  const schema = schemas.find((one) => one.name === name) as EventSchema;
  return (rawSchema(schema)["examples"] as object[])[0];
};

describe("the schemas of api/events", () => {
  test("are those of the events that there are", () => {
    expect(schemas.map(({ name, type, source }) => [name, type, source])).toEqual([
      ["fulfilment-failed/v1", "shop.fulfilment.failed.v1", "fulfilment"],
      ["fulfilment-shipped/v1", "shop.fulfilment.shipped.v1", "fulfilment"],
      ["order-cancelled/v1", "shop.order.cancelled.v1", "orders"],
      ["order-placed/v1", "shop.order.placed.v1", "orders"],
    ]);
  });

  test.each(schemas)("$name: fits JSON Schema 2020-12, and its examples fit it", (schema) => {
    const ajv = new Ajv({ allowUnionTypes: true, formats: { ...formats } });
    ajv.addVocabulary(["x-type", "x-source"]);
    const raw = rawSchema(schema);
    const validate = ajv.compile(raw);
    const examples = raw["examples"] as unknown[];
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) expect([validate(example), validate.errors]).toEqual([true, null]);
  });

  test.each(schemas)("$name: refuses no field that it does not know", (schema) => {
    expect(JSON.stringify(rawSchema(schema))).not.toMatch(/additionalProperties|unevaluatedProperties/);
  });

  test.each(["order-placed/v1", "order-cancelled/v1"])(
    "%s: an order is what the Orders API answers, and its currency, amounts and times are written the same",
    (name) => {
      const document = parse(readFileSync(join(ROOT, "api/orders/v1.yaml"), "utf8")) as Schema;
      const { components } = resolveReferences(document, "api/orders/v1.yaml") as {
        components: { schemas: Record<string, Schema> };
      };
      const { data } = schemas.find((schema) => schema.name === name) as EventSchema;
      const { order } = data["properties"] as Record<string, Schema>;
      expect(rules(order)).toEqual(rules(components.schemas["Order"]));
    },
  );
});

/**
 * What a schema demands, whether OpenAPI 3.0 or JSON Schema writes it. Left out is what differs for a reason: events may hold more than a
 * reader knows, and every number of JSON is one.
 */
function rules(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(rules);
  if (typeof schema !== "object" || schema === null) return schema;
  const { description, example, additionalProperties, nullable, ...rest } = schema as Schema;
  if (rest["format"] === "int64") delete (rest as Record<string, unknown>)["format"];
  const type = nullable === true ? [rest["type"], "null"] : rest["type"];
  return Object.fromEntries(
    Object.entries({ ...rest, ...(type !== undefined && { type }) })
      .map(([key, value]) => [key, rules(value)])
      .sort(),
  );
}

describe("what a package gets", () => {
  let root: string;
  const write = (path: string, value: unknown) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof value === "string" ? value : JSON.stringify(value));
  };
  const writeTypes = async (named: object) => `${Object.keys(named).join(" ")}\n`;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "generate-events-"));
    cpSync(join(ROOT, "api/events"), join(root, "api/events"), { recursive: true });
    write("functions/other/function.json", { name: "other" });
    write("functions/things/function.json", { events: ["order-placed/v1", "fulfilment-failed/v1"] });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  test("is written for those whose manifest names events, alone", async () => {
    write("services/shop/service.json", { events: ["order-cancelled/v1"] });
    const files = await generateEvents(root, writeTypes);
    const names = ["index.ts", "types.ts", "validators.d.ts", "validators.js"];
    expect(Object.keys(files).sort()).toEqual([
      ...names.map((name) => `functions/things/generated/events/${name}`),
      ...names.map((name) => `services/shop/generated/events/${name}`),
    ]);
    expect(files["functions/things/generated/events/types.ts"]).toBe(
      "// Generated from api/events by scripts/generate. Do not edit.\nFulfilmentFailedV1 OrderPlacedV1\n",
    );
  });

  test("is nothing in a project without events", async () => {
    rmSync(join(root, "api"), { recursive: true });
    rmSync(join(root, "functions/things"), { recursive: true });
    expect(readEventSchemas(root)).toEqual([]);
    expect(await generateEvents(root, writeTypes)).toEqual({});
  });

  test("a schema that is not there is named with its package", async () => {
    write("functions/things/function.json", { events: ["order-lost/v1"] });
    await expect(generateEvents(root, writeTypes)).rejects.toThrow(
      new Error(
        "functions/things: events: there is no order-lost/v1; there are fulfilment-failed/v1, fulfilment-shipped/v1, " +
          "order-cancelled/v1, order-placed/v1",
      ),
    );
  });

  test("a schema that does not say what it is of is named", async () => {
    write("api/events/order-placed/v1.json", { type: "object" });
    await expect(generateEvents(root, writeTypes)).rejects.toThrow(
      new Error(
        "api/events/order-placed/v1.json: x-type and x-source must say of which type and source its events are",
      ),
    );
  });

  test("is code that reads an event of the types that it names, and refuses what does not fit", async () => {
    const files = await generateEvents(root, async () => "export {};\n");
    for (const [path, text] of Object.entries(files)) write(path, text);
    symlinkSync(join(ROOT, "runtime"), join(root, "runtime"));
    write(
      "functions/things/index.ts",
      'export { events } from "./generated/events";\nexport { newEvent, readEvent } from "../../runtime";\n',
    );
    const outfile = join(root, "bundle.cjs");
    buildSync({
      ...{ entryPoints: [join(root, "functions/things/index.ts")], outfile },
      ...{ bundle: true, platform: "node", format: "cjs", nodePaths: [join(ROOT, "node_modules")] },
    });
    const { events, newEvent, readEvent } = createRequire(outfile)(outfile);
    expect(Object.keys(events)).toEqual(["shop.fulfilment.failed.v1", "shop.order.placed.v1"]);
    const event = newEvent(events["shop.order.placed.v1"], {
      subject: "01890a5d-ac96-774b-bcce-b302099a8057",
      sequence: 1,
      traceparent: "00-5759e988bd862e3fe1be46a994272793-00f067aa0ba902b7-01",
      data: exampleOf("order-placed/v1"),
      time: new Date("2023-06-30T03:34:18.518Z"),
    });
    expect(Object.keys(event).sort()).toEqual(Object.keys(envelope["properties"] as object).sort());
    expect(readEvent(JSON.stringify(event), events)).toEqual(event);
    expect(readEvent(JSON.stringify({ ...event, more: 1 }), events)).toEqual({ ...event, more: 1 });
    for (const [change, message] of [
      [{ type: "shop.fulfilment.failed.v1" }, "/source must be fulfilment"],
      [{ dataschema: "order-placed/v2" }, "/dataschema must be order-placed/v1"],
      [{ sequence: 0 }, "/sequence must be at least 1"],
      [{ traceparent: undefined }, "/traceparent is required"],
      [{ data: { principal: "a" } }, "/data/order is required"],
    ] as const) {
      expect(() => readEvent(JSON.stringify({ ...event, ...change }), events)).toThrow(message);
    }
  });
});
