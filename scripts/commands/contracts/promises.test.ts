import { findBases } from "./base";
import { GitProject } from "./fixture";
import { brokenPromises } from "./promises";

const API = `
paths:
  /things:
    get:
      operationId: listThings
      responses: { "200": { headers: { ETag: { schema: { type: string } } } } }
`;
const BROKEN = API.replace("ETag:", "Age:");
const EXTENDED = API.replace("responses: {", 'responses: { "404": {},');
const COPY = "api/published/things/v1.yaml";
const WITHDRAWN = "api/published/withdrawn.json";

let project: GitProject;
let published: string;

beforeEach(() => {
  project = new GitProject();
  write(API);
  published = project.commit("publish");
  project.git("switch", "--quiet", "--create", "feature");
});

afterEach(() => project.end());

/** Changes a contract together with its copy, which the comparison of the two takes for as published. */
function write(text: string): void {
  project.write("api/things/v1.yaml", text);
  project.write(COPY, text);
}

function remove(): void {
  project.remove("api/things/v1.yaml");
  project.remove(COPY);
}

const errors = () => {
  const { bases } = findBases(project.root, { environment: {} });
  return brokenPromises(project.root, bases).map(({ message }) => message);
};
const short = (commit: string) => commit.slice(0, 12);

const broken = (commit: string, what: string, next = 2) =>
  `${COPY} #/paths/~1things/get/responses/200/headers/ETag: the header is gone: clients read it, against ${short(commit)} (${what}); ` +
  `undo it (git checkout ${short(commit)} -- ${COPY}), or make it things/v${next}: scripts/new version things/v${next}`;
const gone = (commit: string, what: string) =>
  `${COPY}: was published, and is gone, against ${short(commit)} (${what}); ` +
  `bring it back (git checkout ${short(commit)} -- ${COPY}); or, when nobody goes by it any more, say so in ${WITHDRAWN}`;

test("what was published may be extended, and published again", () => {
  write(EXTENDED);
  expect(errors()).toEqual([]);
  project.commit("extend");
  expect(errors()).toEqual([]);
});

test.each([
  { name: "changed so that it breaks somebody", change: () => write(BROKEN), message: broken },
  { name: "removed", change: remove, message: gone },
])("what was published is named when it is $name, though its contract is, too", ({ change, message }) => {
  change();
  expect(errors()).toEqual([message(published, "HEAD")]);
  project.commit("change");
  expect(errors()).toEqual([message(published, "main")]);
  project.commit("another");
  expect(errors()).toEqual([message(published, "main")]);
  // On main itself, once it is merged: by the commit that does it.
  project.git("switch", "--quiet", "main");
  project.git("merge", "--quiet", "--squash", "feature");
  project.commit("merge");
  expect(errors()).toEqual([message(published, "the commit before HEAD")]);
});

test("what is published on the branch is held to at once, and the next version is counted from all", () => {
  const events = "api/published/events/thing-made/v1.json";
  project.write(events, '{ "x-type": "thing.made.v1", "properties": { "id": { "maxLength": 9 } } }');
  project.write("api/things/v2.yaml", API);
  const own = project.commit("publish an event");
  project.write(events, '{ "x-type": "thing.made.v1", "properties": { "id": { "maxLength": 8 } } }');
  write(BROKEN);
  expect(errors()).toEqual([
    broken(published, "main", 3),
    `${events} #/properties/id: maxLength is 8, it was 9: events under way and in the archive are refused, against ${short(own)} (HEAD); ` +
      `undo it (git checkout ${short(own)} -- ${events}), or make it events/thing-made/v2, a type of its own`,
  ]);
});

test("what nobody goes by any more is withdrawn, for a reason", () => {
  remove();
  project.write(WITHDRAWN, '{ "things/v1": "off since March" }');
  expect(errors()).toEqual([]);
  project.commit("withdraw");
  expect(errors()).toEqual([]);
});

test.each([
  ["without a reason", '{ "things/v1": "" }', "gives no reason; say why nobody goes by it any more"],
  [
    "and is published",
    '{ "things/v1": "off" }',
    "is published; take the line out; what is published anew is a new version",
  ],
])("what is withdrawn %s is refused", (_name, text, message) => {
  project.write(WITHDRAWN, text);
  expect(errors).toThrow(`${WITHDRAWN} things/v1: ${message}`);
});

test("a copy that cannot be compared is named", () => {
  write(API.replace("{ type: string }", '{ $ref: "#/gone" }'));
  expect(errors).toThrow(
    `${COPY}: #/paths/~1things/get/responses/200/headers/ETag/schema: "#/gone" leads nowhere; compare it with ${COPY} of ${short(published)} by hand, or mend it`,
  );
});
