import { parse } from "yaml";
import { clientContract, type Node } from "./contracts";

const SOURCE = parse(`
openapi: 3.0.3
info: { title: Things API, version: 1.2.3, description: Long. }
servers: [{ url: "https://things.example.com" }]
security: [{ userPool: [] }]
paths:
  /things:
    parameters: [{ $ref: "#/components/parameters/Kind" }]
    post:
      operationId: addThing
      tags: [things, others]
      requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Thing" } } } }
      responses:
        "201": { description: Added., content: { application/json: { schema: { $ref: "#/components/schemas/Thing" } } } }
        "400": { $ref: "#/components/responses/BadRequest" }
  /checks:
    post:
      operationId: check
      security: [{ sigv4: [] }]
      responses: { "200": { description: "", content: { application/json: { schema: { $ref: "#/components/schemas/Check" } } } } }
components:
  securitySchemes: { userPool: {}, sigv4: {} }
  parameters: { Kind: { name: kind, in: query, schema: { type: string } } }
  responses:
    BadRequest: { content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } } }
  schemas:
    Thing: { type: object, properties: { tags: { type: array, uniqueItems: true, items: { $ref: "#/components/schemas/Tag" } } } }
    Tag: { type: string }
    Problem: { type: object }
    Check: { type: object }
`) as Node;

interface Contract {
  readonly info: unknown;
  readonly servers: unknown;
  readonly security?: unknown;
  readonly paths: Readonly<Record<string, Record<string, { tags: string[]; responses: object }>>>;
  readonly components: Readonly<Record<string, Record<string, unknown>>>;
}

const contract = clientContract("things", SOURCE) as unknown as Contract;

test("what services alone may call is no part of a client", () => {
  expect(Object.keys(contract.paths)).toEqual(["/things"]);
});

test("all of an API has one tag, its name, so that it becomes one class", () => {
  expect(contract.paths["/things"]?.["post"]?.tags).toEqual(["things"]);
});

test("what is the same for all APIs is left to what is written by hand", () => {
  expect(Object.keys(contract.paths["/things"]?.["post"]?.responses ?? {})).toEqual(["201"]);
  expect(contract).not.toHaveProperty("security");
  expect(contract.info).toEqual({ title: "Platform", version: "1" });
  expect(contract.servers).toEqual([{ url: "https://localhost" }]);
});

test("components are those that are referred to, and by these", () => {
  expect(
    Object.fromEntries(Object.entries(contract.components).map(([kind, all]) => [kind, Object.keys(all)])),
  ).toEqual({ parameters: ["Kind"], responses: [], schemas: ["Thing", "Tag"] });
});

test("a list without duplicates is a list", () => {
  expect(contract.components["schemas"]?.["Thing"]).toEqual({
    type: "object",
    properties: { tags: { type: "array", items: { $ref: "#/components/schemas/Tag" } } },
  });
});
