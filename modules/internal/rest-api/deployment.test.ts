import type { Resource, Synthesised } from "../synth-test";
import { type Change, contractOf, getNote, listNotes, NOTES, POOL, synthesiseApi } from "./fixture";

const triggers = (change?: Change, document: unknown = NOTES): Record<string, string> =>
  synthesiseApi(change, contractOf(document)).one("aws_api_gateway_deployment")["triggers"];

const before = triggers();
const path = NOTES.paths["/notes"];
const withPath = (notes: unknown) => ({ ...NOTES, paths: { ...NOTES.paths, "/notes": notes } });

test("the same API has the same deployment", () => {
  expect(triggers()).toEqual(before);
  expect(before["definition"]).toMatch(/^[0-9a-f]{64}$/);
});

test.each<[string, Change | undefined, unknown?]>([
  ["an operation less", undefined, withPath({ get: path.get })],
  ["an operation's name", undefined, withPath({ ...path, get: { ...listNotes, operationId: "allNotes" } })],
  ["a parameter", undefined, withPath({ ...path, get: { ...listNotes, parameters: [] } })],
  [
    "an operation no longer cached",
    undefined,
    withPath({ ...path, get: { ...listNotes, "x-cache": false } }),
  ],
  [
    "a path",
    undefined,
    { ...NOTES, paths: { ...NOTES.paths, "/note": { get: { ...getNote, operationId: "first" } } } },
  ],
  [
    "the shape of a body",
    undefined,
    { ...NOTES, components: { schemas: { NoteInput: { type: "object", properties: {} } } } },
  ],
  ["the origin of pages", { corsOrigin: "https://app.example.com" }],
  ["the default endpoint", { domainName: "api.example.com" }],
])("control 44: %s makes a new deployment", (_case, change, document = NOTES) => {
  expect(triggers(change, document)["definition"]).not.toBe(before["definition"]);
});

test("control 44: another user pool or function makes a new deployment", () => {
  expect(before["userPool"]).toBe(POOL);
  expect(before["function-notes"]).toMatch(/^\$\{aws_lambda_alias\..+\.invoke_arn\}$/);
  const userPoolArn = `${POOL}2`;
  expect(triggers({ userPoolArn })["userPool"]).toBe(userPoolArn);
});

test.each<[string, Change | undefined, unknown?]>([
  ["throttling", { throttleRatePerSecond: 1, throttleBurst: 1 }],
  ["the stage's cache", { cacheSizeGigabytes: 0.5, cacheTtlSeconds: 5 }],
  ["logs and alarms", { logRetentionDays: 1, p99AlarmMilliseconds: 1 }],
  [
    "words",
    undefined,
    { ...NOTES, paths: { ...NOTES.paths, "/notes": { ...path, description: "All notes." } } },
  ],
])("control 44: %s makes no new deployment", (_case, change, document = NOTES) => {
  expect(triggers(change, document)).toEqual(before);
});

test("a path parameter of another name is changed in place, and makes a new deployment", () => {
  const { "/notes/{id}": one, ...others } = NOTES.paths;
  const renamed = {
    ...NOTES,
    paths: {
      ...others,
      "/notes/{noteId}": { ...one, parameters: [{ ...one.parameters[0], name: "noteId" }] },
    },
  };
  const [old, now] = [NOTES, renamed].map((document) =>
    synthesiseApi({ cacheSizeGigabytes: 0.5 }, contractOf(document)),
  ) as [Synthesised, Synthesised];
  const ids = ({ json }: Synthesised) =>
    Object.entries<Resource>(json["resource"]).flatMap(([type, byId]) =>
      Object.keys(byId).map((id) => `${type}.${id}`),
    );
  expect(ids(now)).toEqual(ids(old));
  expect(now.one("aws_api_gateway_resource", "parameter")["path_part"]).toBe("{noteId}");
  expect(triggers(undefined, renamed)["definition"]).not.toBe(before["definition"]);
});

test("an API that must be replaced goes when the new one is there", () => {
  expect(synthesiseApi().one("aws_api_gateway_rest_api")["lifecycle"]).toEqual({
    create_before_destroy: true,
  });
});

test("the deployment follows everything that it is a copy of", () => {
  const synthesised = synthesiseApi({ corsOrigin: "https://app.example.com" });
  const { depends_on, lifecycle } = synthesised.one("aws_api_gateway_deployment");
  const copied = [
    "aws_api_gateway_authorizer",
    "aws_api_gateway_gateway_response",
    "aws_api_gateway_integration",
    "aws_api_gateway_integration_response",
    "aws_api_gateway_method",
    "aws_api_gateway_method_response",
    "aws_api_gateway_model",
    "aws_api_gateway_request_validator",
    "aws_api_gateway_resource",
    "aws_api_gateway_rest_api",
  ].flatMap((type) => Object.keys(synthesised.json["resource"][type]).map((id) => `${type}.${id}`));
  expect([...depends_on].sort()).toEqual(copied.sort());
  expect(lifecycle).toEqual({ create_before_destroy: true });
});
