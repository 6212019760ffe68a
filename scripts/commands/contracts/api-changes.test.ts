import { parse } from "yaml";
import { apiChanges } from "./api-changes";

const API = `
servers:
  - url: https://{host}/{basePath}
security:
  - token: []
paths:
  /things:
    parameters:
      - { name: limit, in: query, schema: { type: integer, maximum: 50 } }
    get:
      operationId: listThings
      parameters:
        - { $ref: "#/components/parameters/Match" }
      responses:
        "200":
          headers:
            ETag: { required: true, schema: { type: string } }
          content:
            application/json: { schema: { type: array, items: { $ref: "#/components/schemas/Thing" } } }
        "404": { $ref: "#/components/responses/Problem" }
    post:
      operationId: addThing
      requestBody:
        content:
          application/json: { schema: { $ref: "#/components/schemas/Thing" } }
      responses:
        "201":
          content:
            application/json: { schema: { $ref: "#/components/schemas/Thing" } }
components:
  securitySchemes:
    token: { type: http, scheme: bearer, description: A token. }
    key: { type: apiKey, in: header, name: X-Key }
    scoped: { type: openIdConnect, openIdConnectUrl: https://example.com }
  parameters:
    Match: { name: If-None-Match, in: header, schema: { type: string } }
  responses:
    Problem:
      headers:
        Retry-After: { schema: { type: integer, maximum: 60 } }
      content:
        application/problem+json: { schema: { type: object, properties: { title: { type: string } } } }
  schemas:
    Thing:
      type: object
      required: [name]
      additionalProperties: false
      properties:
        name: { type: string, maxLength: 10 }
        kind: { type: string, enum: [small, large] }
`;

const LIST = "#/paths/~1things/get";
const ADD = "#/paths/~1things/post";
const THING = "#/components/schemas/Thing";
const PROBLEM = "#/components/responses/Problem";

/** What a change of the text breaks: `pointer change`. */
function changed(from: string | RegExp, to: string, text = API): string[] {
  const after = text.replace(from, to);
  if (after === text) throw new Error(`${from} is not in the text`);
  return apiChanges(parse(text), parse(after)).map(({ pointer, change }) => `${pointer} ${change}`);
}

test("an API as it was breaks nobody", () => {
  expect(apiChanges(parse(API), parse(API))).toEqual([]);
});

test.each<[string, string | RegExp, string]>([
  ["a new path", "components:\n", "  /more:\n    get: { operationId: more, responses: {} }\ncomponents:\n"],
  ["a new method", "    post:\n", "    delete: { operationId: clear, responses: {} }\n    post:\n"],
  [
    "a new parameter that may be absent",
    "      - { name: limit",
    "      - { name: after, in: query, schema: {} }\n      - { name: limit",
  ],
  ["a parameter that allows more", "maximum: 50", "maximum: 100"],
  ["a parameter in other letters", "name: If-None-Match", "name: if-none-match"],
  [
    "a new error",
    '        "404"',
    '        "409": { $ref: "#/components/responses/Problem" }\n        "404"',
  ],
  ["a new header", "            ETag:", "            Age: { schema: { type: integer } }\n            ETag:"],
  ["a header in other letters", "            ETag:", "            etag:"],
  [
    "a new type of bodies",
    /(requestBody:\n +content:\n)/,
    "$1          text/csv: { schema: { type: string } }\n",
  ],
  ["another way to be let in", "  - token: []\n", "  - token: []\n  - key: []\n"],
  ["no credentials asked for", "security:\n  - token: []\n", ""],
  ["a scheme described otherwise", "A token.", "The token."],
  [
    "a deprecated operation",
    "      operationId: listThings",
    "      deprecated: true\n      operationId: listThings",
  ],
  ["a new field that may be absent", "        kind:", "        size: { type: integer }\n        kind:"],
  ["a new version of the document", "servers:\n", "info: { version: 1.0.1 }\nservers:\n"],
])("%s breaks nobody", (_name, from, to) => {
  expect(changed(from, to)).toEqual([]);
});

test.each<[string, string | RegExp, string, string[]]>([
  [
    "a path that is gone",
    "  /things:\n",
    "  /objects:\n",
    [`${LIST} the operation is gone: clients call it`, `${ADD} the operation is gone: clients call it`],
  ],
  ["a method that is gone", "    post:\n", "    put:\n", [`${ADD} the operation is gone: clients call it`]],
  [
    "another operationId",
    "operationId: addThing",
    "operationId: newThing",
    [`${ADD} operationId is newThing, it was addThing: generated clients call it by that name`],
  ],
  [
    "a server that is gone",
    "/{basePath}",
    "/v1",
    ["#/servers the server https://{host}/{basePath} is gone: clients are made with it"],
  ],
  [
    "a parameter that is gone",
    / {4}parameters:\n {6}- { name: limit.*\n/,
    "",
    [
      `${LIST} the query parameter limit is gone: clients send it`,
      `${ADD} the query parameter limit is gone: clients send it`,
    ],
  ],
  [
    "a new parameter that is required",
    "      - { name: limit",
    "      - { name: kind, in: query, required: true, schema: {} }\n      - { name: limit",
    ["#/paths/~1things/parameters/0 the query parameter kind is required: clients leave it out"],
  ],
  [
    "a parameter that is required now",
    "in: header, schema",
    "in: header, required: true, schema",
    ["#/components/parameters/Match the header parameter if-none-match is required: clients leave it out"],
  ],
  [
    "a parameter that allows less",
    "maximum: 50",
    "maximum: 20",
    ["#/paths/~1things/parameters/0/schema maximum is 20, it was 50: what clients send is refused"],
  ],
  [
    "a parameter written otherwise",
    "in: query, schema",
    "in: query, style: pipeDelimited, schema",
    ["#/paths/~1things/parameters/0 style has changed, which cannot be judged"],
  ],
  ["a body that is gone", / {6}requestBody:\n(.*\n){2}/, "", [`${ADD} the body is gone: clients send it`]],
  [
    "a body that is required now",
    "requestBody:\n",
    "requestBody:\n        required: true\n",
    [`${ADD}/requestBody the body is required: clients leave it out`],
  ],
  [
    "a type of bodies that is gone",
    /(requestBody:\n +content:\n +)application\/json/,
    "$1text/csv",
    [`${ADD}/requestBody/content/application~1json application/json is gone: clients send it`],
  ],
  [
    "a field that is required now",
    "required: [name]",
    "required: [name, kind]",
    [`${THING} the field "kind" is required: clients leave it out`],
  ],
  [
    "a field that may be absent now",
    "      required: [name]\n",
    "",
    [`${THING} the field "name" may be absent: clients know no such answer`],
  ],
  [
    "a field that is gone",
    / {8}kind: .*\n/,
    "",
    [
      `${THING}/properties/kind the field is gone: clients read it`,
      `${THING}/properties/kind the field is gone: clients send it`,
    ],
  ],
  [
    "a value less",
    "[small, large]",
    "[small]",
    [`${THING}/properties/kind no longer allows "large": what clients send is refused`],
  ],
  [
    "a value more",
    "[small, large]",
    "[small, large, huge]",
    [`${THING}/properties/kind allows "huge" besides: clients know no such answer`],
  ],
  [
    "a lower bound of a field",
    "maxLength: 10",
    "maxLength: 9",
    [`${THING}/properties/name maxLength is 9, it was 10: what clients send is refused`],
  ],
  [
    "another status",
    '"201"',
    '"202"',
    [
      `${ADD}/responses/201 the answer 201 is gone: clients wait for it`,
      `${ADD}/responses/202 the answer 202 is new: clients know no such answer`,
    ],
  ],
  [
    "an error that is gone",
    / {8}"404": .*\n/,
    "",
    [`${LIST}/responses/404 the answer 404 is gone: clients wait for it`],
  ],
  [
    "a header that is gone",
    / {10}headers:\n {12}ETag: .*\n/,
    "",
    [`${LIST}/responses/200/headers/ETag the header is gone: clients read it`],
  ],
  [
    "a header that may be absent now",
    "ETag: { required: true, ",
    "ETag: { ",
    [`${LIST}/responses/200/headers/ETag the header may be absent: clients read it`],
  ],
  [
    "a header that may be more",
    "maximum: 60",
    "maximum: 90",
    [`${PROBLEM}/headers/Retry-After/schema maximum is 90, it was 60: clients know no such answer`],
  ],
  [
    "another type of answers",
    "application/problem+json",
    "text/html",
    [
      `${PROBLEM}/content/application~1problem+json application/problem+json is gone: clients read it`,
      `${PROBLEM}/content/text~1html text/html is new: clients know no such answer`,
    ],
  ],
  [
    "an answer without a schema",
    "{ schema: { type: object, properties: { title: { type: string } } } }",
    "{}",
    [`${PROBLEM}/content/application~1problem+json the schema is gone, which cannot be judged`],
  ],
  [
    "other credentials",
    "  - token: []\n",
    "  - key: []\n",
    [
      `${LIST} credentials by token no longer suffice: clients have no others`,
      `${ADD} credentials by token no longer suffice: clients have no others`,
    ],
  ],
  [
    "more credentials of one operation",
    "      operationId: addThing",
    "      security: [{ token: [], key: [] }]\n      operationId: addThing",
    [`${ADD} credentials by token no longer suffice: clients have no others`],
  ],
  [
    "another form of credentials",
    "scheme: bearer",
    "scheme: basic",
    [
      `${LIST} credentials by token no longer suffice: clients have no others`,
      `${ADD} credentials by token no longer suffice: clients have no others`,
    ],
  ],
])("%s breaks clients", (_name, from, to, expected) => {
  expect(changed(from, to).sort()).toEqual([...expected].sort());
});

test.each([
  [
    "credentials asked for",
    "security: []",
    "security: [{ token: [] }]",
    ["calls without credentials are refused"],
  ],
  [
    "one of two ways to be let in that is gone",
    "security: [{ key: [] }, { token: [] }]",
    "security: [{ token: [] }]",
    ["credentials by key no longer suffice"],
  ],
  [
    "one of two credentials asked for no more",
    "security: [{ key: [], token: [] }]",
    "security: [{ token: [] }]",
    [],
  ],
  [
    "a further scope",
    "security: [{ scoped: [read] }]",
    "security: [{ scoped: [read, write] }]",
    ["credentials by scoped no longer suffice"],
  ],
  ["a scope less", "security: [{ scoped: [read, write] }]", "security: [{ scoped: [read] }]", []],
])("%s", (_name, from, to, expected) => {
  const text = API.replace("      operationId: addThing", `      ${from}\n      operationId: addThing`);
  expect(changed(from, to, text)).toEqual(
    expected.map((change) => `${ADD} ${change}: clients have no others`),
  );
});

test("a reference that leads nowhere is refused", () => {
  expect(() => changed("#/components/responses/Problem", "#/components/responses/Gone")).toThrow(
    new Error('#/paths/~1things/get/responses/404: "#/components/responses/Gone" leads nowhere'),
  );
});
