import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { CommandError, CommandErrors, EXIT } from "../../internal/cli";
import { brokenContracts, checkContracts, publishContracts } from "./contracts";
import { API } from "./fixture";

const ROOT = resolve(__dirname, "../../..");

test("the project's contracts break nobody who goes by what was published of them", () => {
  const contracts = checkContracts(ROOT);
  // By name, so that none is taken back without anybody seeing it.
  expect(contracts.filter(({ state }) => state !== "unpublished").map(({ name }) => name)).toEqual([
    "catalog/v1",
    "events/envelope",
    "events/fulfilment-failed/v1",
    "events/fulfilment-shipped/v1",
    "events/order-cancelled/v1",
    "events/order-placed/v1",
    "orders/v1",
    "sessions/v1",
    "storefront/v1",
    "todos/v1",
    "todos/v2",
  ]);
  expect(brokenContracts(contracts, []).map(({ message }) => message)).toEqual([]);
});

const EVENT =
  '{ "x-type": "thing.made.v1", "x-source": "things", "properties": { "id": { "maxLength": 9 } } }';
const ENVELOPE = '{ "required": ["id"] }';

let root: string;

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

function read(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

const states = () => Object.fromEntries(checkContracts(root).map(({ name, state }) => [name, state]));
const errors = () => brokenContracts(checkContracts(root), []).map(({ message }) => message);

/** Publishes; the errors that it ends with. */
function refusal(names: readonly string[]): unknown {
  try {
    return publishContracts(root, names);
  } catch (error) {
    return error;
  }
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "contracts-"));
  write("api/things/v1.yaml", API);
  write("api/things/v2.yaml", API);
  write("api/events/thing-made/v1.json", EVENT);
  write("api/events/envelope.json", ENVELOPE);
  write("api/logs/line.json", "{}");
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

test("what is not published may change in any way", () => {
  expect(states()).toEqual({
    "events/envelope": "unpublished",
    "events/thing-made/v1": "unpublished",
    "things/v1": "unpublished",
    "things/v2": "unpublished",
  });
  expect(errors()).toEqual([]);
});

test("those that are named are published, once", () => {
  expect(publishContracts(root, ["things/v1", "events/thing-made/v1"])).toEqual([
    "events/thing-made/v1",
    "things/v1",
  ]);
  expect(read("api/published/things/v1.yaml")).toBe(API);
  expect(read("api/published/events/thing-made/v1.json")).toBe(EVENT);
  expect(states()).toMatchObject({ "things/v1": "published", "things/v2": "unpublished" });
  expect(publishContracts(root, ["things/v1"])).toEqual([]);
});

test("all are published, where none is named", () => {
  expect(publishContracts(root)).toEqual([
    "events/envelope",
    "events/thing-made/v1",
    "things/v1",
    "things/v2",
  ]);
});

test("what breaks nobody can be published again", () => {
  publishContracts(root);
  const extended = API.replace("responses: {", 'responses: { "404": {},');
  write("api/things/v1.yaml", extended);
  expect(states()).toMatchObject({ "things/v1": "extended" });
  expect(errors()).toEqual([]);
  expect(publishContracts(root)).toEqual(["things/v1"]);
  expect(read("api/published/things/v1.yaml")).toBe(extended);
});

test("what breaks somebody is named with its place and how to mend it, and none is published with it", () => {
  publishContracts(root);
  write("api/things/v1.yaml", API.replace("ETag:", "Age:"));
  write("api/events/thing-made/v1.json", EVENT.replace("9", "8"));
  write("api/events/envelope.json", ENVELOPE.replace('"id"', ""));
  write("api/things/v3.yaml", API);
  const expected = [
    'api/events/envelope.json #: the field "id" may be absent: consumers refuse it; undo it (api/published/events/envelope.json has it as it was): every event of every version has this form',
    "api/events/thing-made/v1.json #/properties/id: maxLength is 8, it was 9: events under way and in the archive are refused; " +
      "undo it (api/published/events/thing-made/v1.json has it as it was), or make it events/thing-made/v2, a type of its own",
    "api/things/v1.yaml #/paths/~1things/get/responses/200/headers/ETag: the header is gone: clients read it; " +
      "undo it (api/published/things/v1.yaml has it as it was), or make it things/v4: scripts/new version things/v4",
  ];
  expect(errors()).toEqual(expected);
  const all = refusal([]);
  expect(all).toBeInstanceOf(CommandErrors);
  expect((all as CommandErrors).message.split("\n")).toEqual(expected);
  // The next version is counted from all, not from those that are to be published.
  expect((refusal(["things/v1"]) as CommandErrors).message).toBe(expected[2]);
  expect(existsSync(join(root, "api/published/things/v3.yaml"))).toBe(false);
  expect(publishContracts(root, ["things/v3"])).toEqual(["things/v3"]);
});

test("what was published cannot go unseen", () => {
  publishContracts(root, ["things/v1"]);
  rmSync(join(root, "api/things/v1.yaml"));
  expect(errors()).toEqual([
    "api/things/v1.yaml: was published, and is gone; bring it back; or, when nobody goes by it any more, remove api/published/things/v1.yaml too, and say so in api/published/withdrawn.json",
  ]);
});

test("what was withdrawn cannot be published anew, and counts for the next version", () => {
  publishContracts(root, ["things/v1"]);
  write("api/published/withdrawn.json", '{ "things/v2": "off since March" }');
  expect((refusal([]) as CommandErrors).message).toBe(
    "api/things/v2.yaml: was withdrawn; remove api/things/v2.yaml, or make it things/v3: scripts/new version things/v3",
  );
  rmSync(join(root, "api/things/v2.yaml"));
  write("api/things/v1.yaml", API.replace("ETag:", "Age:"));
  expect((refusal(["things/v1"]) as CommandErrors).message).toMatch(/or make it things\/v3: /);
});

test("what is not there cannot be published", () => {
  expect(refusal(["things/v9"])).toEqual(
    new CommandError(
      "things/v9",
      "no such contract",
      "these are there: events/envelope, events/thing-made/v1, things/v1, things/v2",
      EXIT.usage,
    ),
  );
});

test.each([
  ["cannot be read", "paths: [", "cannot be read: "],
  [
    "cannot be followed",
    API.replace("{ type: string }", '{ $ref: "#/gone" }'),
    '#/paths/~1things/get/responses/200/headers/ETag/schema: "#/gone" leads nowhere; compare it with api/published/things/v1.yaml by hand, or mend it',
  ],
])("what %s is named", (_name, text, message) => {
  publishContracts(root);
  write("api/things/v1.yaml", text);
  expect(() => checkContracts(root)).toThrow(`api/things/v1.yaml: ${message}`);
});
