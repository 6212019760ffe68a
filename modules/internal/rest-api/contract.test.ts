import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { loadContract, loadContracts } from ".";
import { addNote, contractOf, deleteNote, getNote, listNotes, NOTES } from "./fixture";

const withPaths = (paths: unknown) => ({ ...NOTES, paths });

test("reads operations in the document's order, in API Gateway's terms", () => {
  const { name, version, title, operations } = contractOf(NOTES);
  expect({ name, version, title }).toEqual({ name: "notes", version: "v1", title: "Notes" });
  expect(operations.map(({ method, path, id }) => `${method} ${path} ${id}`)).toEqual([
    "GET /notes listNotes",
    "POST /notes addNote",
    "GET /notes/{id} getNote",
    "DELETE /notes/{id} deleteNote",
  ]);
  expect(operations[0]?.parameters).toEqual({
    "method.request.querystring.limit": false,
    "method.request.header.If-None-Match": false,
    "method.request.header.Cache-Control": false,
  });
  expect(operations[2]?.parameters).toEqual({ "method.request.path.id": true });
  expect(operations.map(({ cacheable }) => cacheable)).toEqual([true, false, true, false]);
});

test("who may call is the operation's own scheme, or the document's", () => {
  const signed = { ...addNote, security: [{ sigv4: [] }] };
  const { operations } = contractOf(withPaths({ "/notes": { get: listNotes, post: signed } }));
  expect(operations.map(({ authorization }) => authorization)).toEqual(["userPool", "iam"]);
});

test("resolves references, by escaped names too", () => {
  const schema = { $ref: "#/components/schemas/a~1b~0c" };
  const { operations } = contractOf({
    ...withPaths({
      "/notes": { post: { ...addNote, requestBody: { content: { "application/json": { schema } } } } },
    }),
    components: { schemas: { "a/b~c": { type: "object" } } },
  });
  expect(operations[0]?.bodySchema).toEqual({ type: "object" });
});

test.each(["application/json", "application/merge-patch+json"])(
  "a body of %s is held against its schema",
  (type) => {
    const requestBody = { content: { [type]: { schema: { type: "object" } } } };
    const { operations } = contractOf(withPaths({ "/notes": { post: { ...addNote, requestBody } } }));
    expect(operations[0]).toMatchObject({ bodySchema: { type: "object" }, bodyMediaType: type });
  },
);

test("a body that is no JSON has no model", () => {
  const requestBody = { content: { "text/plain": { schema: { type: "string" } } } };
  const { operations } = contractOf(withPaths({ "/notes": { post: { ...addNote, requestBody } } }));
  expect(operations[0]).not.toHaveProperty("bodySchema");
});

const { operationId: _id, ...unnamed } = listNotes;
const { "x-function": _function, ...unserved } = listNotes;
const { security: _security, ...open } = NOTES;

test.each([
  ["no paths", { openapi: "3.0.3" }, "paths must be an object, got undefined"],
  ["no operation", withPaths({ "/notes": {} }), "paths holds no operation"],
  ["a list for a document", "- a", 'the document must be an object, got ["a"]'],
  ["an operation that is none", withPaths({ "/notes": { get: 1 } }), "GET /notes must be an object, got 1"],
  [
    "no function",
    withPaths({ "/notes": { get: unserved } }),
    "GET /notes: x-function must name the package under functions/ that serves it, got undefined",
  ],
  ["no operationId", withPaths({ "/notes": { get: unnamed } }), "GET /notes: operationId is missing"],
  [
    "no security",
    open,
    "GET /notes: security must name a scheme in each entry; every operation is authorised",
  ],
  [
    "security switched off for one operation",
    withPaths({ "/notes": { get: { ...listNotes, security: [] } } }),
    "GET /notes: security must name a scheme in each entry; every operation is authorised",
  ],
  [
    "security made optional",
    withPaths({ "/notes": { get: { ...listNotes, security: [{ userPool: [] }, {}] } } }),
    "GET /notes: security must name a scheme in each entry; every operation is authorised",
  ],
  [
    "a scheme that is not known",
    withPaths({ "/notes": { get: { ...listNotes, security: [{ apiKey: [] }] } } }),
    "GET /notes: security must be one of userPool, sigv4, got apiKey",
  ],
  [
    "a choice of schemes",
    withPaths({ "/notes": { get: { ...listNotes, security: [{ userPool: [] }, { sigv4: [] }] } } }),
    "GET /notes: security must be one of userPool, sigv4, got userPool, sigv4",
  ],
  [
    "two schemes at once",
    withPaths({ "/notes": { get: { ...listNotes, security: [{ userPool: [], sigv4: [] }] } } }),
    "GET /notes: security must be one of userPool, sigv4, got userPool, sigv4",
  ],
  [
    "a cached operation of services",
    withPaths({ "/notes": { get: { ...listNotes, security: [{ sigv4: [] }] } } }),
    "GET /notes: x-cache is for operations of users alone",
  ],
  [
    "a cached write",
    withPaths({ "/notes": { post: { ...addNote, "x-cache": true } } }),
    "POST /notes: x-cache is for GET alone",
  ],
  [
    "a method that is not served",
    withPaths({ "/notes": { get: listNotes, head: listNotes } }),
    "HEAD /notes: this method is not served; remove it",
  ],
  [
    "one operationId twice",
    withPaths({ "/notes": { get: listNotes, post: { ...addNote, operationId: "listNotes" } } }),
    'two operations have the operationId "listNotes"',
  ],
  [
    "two names for one place in a path",
    withPaths({ "/notes/{id}": { get: getNote }, "/notes/{noteId}/tags": { delete: deleteNote } }),
    "{noteId} and {id} are both below /notes; use one name for both",
  ],
  [
    "a reference to nothing",
    withPaths({
      "/notes": { get: { ...listNotes, parameters: [{ $ref: "#/components/parameters/Gone" }] } },
    }),
    "GET /notes: #/components/parameters/Gone refers to nothing in the document",
  ],
  [
    "a reference to another file",
    withPaths({ "/notes": { get: { ...listNotes, parameters: [{ $ref: "other.yaml#/Limit" }] } } }),
    "GET /notes: other.yaml#/Limit refers to nothing in the document",
  ],
  [
    "a schema within itself",
    {
      ...withPaths({ "/notes": { post: addNote } }),
      components: {
        schemas: { NoteInput: { properties: { child: { $ref: "#/components/schemas/NoteInput" } } } },
      },
    },
    "POST /notes: #/components/schemas/NoteInput refers to itself; API Gateway models cannot",
  ],
])("%s is refused", (_case, document, message) => {
  expect(() => contractOf(document)).toThrow(new Error(`api/notes/v1.yaml: ${message}`));
});

test("what is no YAML is refused, naming the file", () => {
  expect(() => contractOf("paths: [")).toThrow(/^api\/notes\/v1\.yaml: /);
});

test("a version without a file is refused, naming the file", () => {
  const root = mkdtempSync(join(tmpdir(), "contract-"));
  expect(() => loadContract(root, "notes", "v9")).toThrow(new Error("api/notes/v9.yaml: no such file"));
  rmSync(root, { recursive: true });
});

test("of all contracts, those of container services are left out", () => {
  const root = mkdtempSync(join(tmpdir(), "contracts-"));
  const write = (path: string, document: unknown) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), JSON.stringify(document));
  };
  write("api/notes/v1.yaml", NOTES);
  write("api/shop/v1.yaml", {
    paths: { "/shops": { get: { operationId: "listShops", "x-service": "shop" } } },
  });
  expect(Object.keys(loadContracts(root))).toEqual(["notes/v1"]);
  rmSync(root, { recursive: true });
});
