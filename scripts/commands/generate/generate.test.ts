import { readDocument } from "./contract";
import { compileValidators } from "./validators";

const DOCUMENT = `
paths:
  /things/{id}:
    parameters:
      - { name: id, in: path, required: true, schema: { type: string } }
      - { $ref: "#/components/parameters/Kind" }
    put:
      operationId: replaceThing
      x-function: things
      requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Thing" } } } }
    patch:
      operationId: changeThing
      x-function: things
      parameters:
        - { name: If-Match, in: header, required: true, schema: { type: string } }
      requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Thing" } } } }
components:
  parameters:
    Kind: { name: kind, in: query, schema: { type: string } }
  schemas:
    Thing: { type: object, properties: { description: { type: string, description: A long text. } } }
`;

test("an operation has its own parameters and its path's, by name, without those in the path", () => {
  const [replace, change] = readDocument("api/things/v1.yaml", DOCUMENT).operations;
  expect(replace?.parameters).toEqual({
    type: "object",
    required: [],
    properties: { kind: { type: "string" } },
  });
  expect(change?.parameters).toEqual({
    type: "object",
    required: ["If-Match"],
    properties: { kind: { type: "string" }, "If-Match": { type: "string" } },
  });
});

test("the version is the file's name", () => {
  expect(readDocument("api/things/v1.yaml", DOCUMENT)).toMatchObject({
    version: "v1",
    file: "api/things/v1.yaml",
  });
});

test.each([
  ["a function", "x-function: things", "functions/things"],
  ["a service", "x-service: things", "services/things"],
])("an operation is served by %s", (_kind, served, folder) => {
  const document = readDocument("api/things/v1.yaml", DOCUMENT.replaceAll("x-function: things", served));
  expect(document.operations.map((operation) => operation.package)).toEqual([folder, folder]);
});

test("an operation may share its schemas with other packages", () => {
  const shared = DOCUMENT.replace(
    "x-function: things",
    "x-function: things\n      x-shared-with: [functions/imports]",
  );
  const [first, second] = readDocument("api/things/v1.yaml", shared).operations;
  expect([first?.sharedWith, second?.sharedWith]).toEqual([["functions/imports"], undefined]);
});

test.each([
  ["nothing", ""],
  ["a function and a service", "x-function: things\n      x-service: things"],
])("an operation that is served by %s is named with its file", (_kind, served) => {
  expect(() => readDocument("api/things/v1.yaml", DOCUMENT.replaceAll("x-function: things", served))).toThrow(
    new Error(
      "api/things/v1.yaml: replaceThing: either x-function or x-service must name the package that serves it",
    ),
  );
});

test("a reference that leads nowhere is named with its file", () => {
  const document = DOCUMENT.replace("#/components/parameters/Kind", "#/components/parameters/Sort");
  expect(() => readDocument("api/things/v1.yaml", document)).toThrow(
    new Error("api/things/v1.yaml: #/components/parameters/Sort refers to nothing in the document"),
  );
});

describe("validators", () => {
  const { operations } = readDocument("api/things/v1.yaml", DOCUMENT);
  const files = compileValidators("api/things/v1.yaml", operations);

  test("operations that take the same share one", () => {
    expect(files["bodies.js"]?.match(/function validate/g)).toHaveLength(1);
    expect(files["bodies.js"]).toContain("export const changeThing = replaceThing;");
  });

  test("carry no annotations, but a field that is named as one", () => {
    expect(files["bodies.js"]).not.toContain("A long text.");
    expect(files["bodies.js"]).toContain("data.description");
  });

  test("are declared one by one", () => {
    expect(files["parameters.d.ts"]).toBe(
      "// Generated from api/things/v1.yaml by scripts/generate. Do not edit.\n" +
        'import type { Validate } from "../../../../runtime";\n\n' +
        "export declare const replaceThing: Validate;\nexport declare const changeThing: Validate;\n",
    );
  });

  test("a format that runtime/formats.ts lacks is refused", () => {
    const unknown = [
      { id: "a", package: "functions/things", parameters: {}, body: { type: "string", format: "email" } },
    ];
    expect(() => compileValidators("api/things/v1.yaml", unknown)).toThrow(
      'unknown format "email" ignored in schema',
    );
  });

  test("name the whole numbers among the parameters", () => {
    const limit = { type: "integer", minimum: 1 };
    const parameters = { type: "object", properties: { limit, kind: { type: "string" } } };
    const { "parameters.js": code } = compileValidators("api/things/v1.yaml", [
      { id: "list", package: "functions/things", parameters },
    ]);
    expect(code).toMatch(/\nlist\.integers = \["limit"\];\n$/);
    expect(code).not.toContain("coerced");
  });

  test("a parameter that is neither text nor a whole number is refused", () => {
    const parameters = { type: "object", properties: { all: { type: "boolean" } } };
    expect(() =>
      compileValidators("api/things/v1.yaml", [{ id: "list", package: "functions/things", parameters }]),
    ).toThrow(
      new Error("api/things/v1.yaml: list: parameter all must be of type string or integer, got boolean"),
    );
  });

  test("a list of objects without duplicates is refused", () => {
    const body = { type: "array", uniqueItems: true, items: { type: "object" } };
    expect(() =>
      compileValidators("api/things/v1.yaml", [
        { id: "a", package: "functions/things", parameters: {}, body },
      ]),
    ).toThrow(new Error("uniqueItems is not supported for lists of type object"));
  });
});
