import { findBases } from "./base";
import { API, GitProject } from "./fixture";
import { brokenPromises } from "./promises";

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
  return brokenPromises(project.root, bases).map(({ place, what, mend }) => `${place}: ${what}; ${mend}`);
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

test("what is published on the branch alone is no promise yet, committed or not; once it is on main it is", () => {
  const events = "api/published/events/thing-made/v1.json";
  const event = (most: number) =>
    `{ "x-type": "thing.made.v1", "properties": { "id": { "maxLength": ${most} } } }`;
  project.write(events, event(9));
  project.write("api/things/v2.yaml", API);
  project.commit("publish an event");
  project.write(events, event(8));
  write(BROKEN);
  // The next version is counted from all.
  expect(errors()).toEqual([broken(published, "main", 3)]);
  write(API);
  expect(errors()).toEqual([]);
  project.commit("change it");
  expect(errors()).toEqual([]);
  project.git("switch", "--quiet", "main");
  project.git("merge", "--quiet", "--squash", "feature");
  const merged = project.commit("merge");
  expect(errors()).toEqual([]);
  project.write(events, event(7));
  expect(errors()).toEqual([
    `${events} #/properties/id: maxLength is 7, it was 8: events under way and in the archive are refused, against ${short(merged)} (HEAD); ` +
      `undo it (git checkout ${short(merged)} -- ${events}), or make it events/thing-made/v2, a type of its own`,
  ]);
});

test("what nobody goes by any more is withdrawn, for a reason", () => {
  remove();
  project.write(WITHDRAWN, '{ "things/v1": "off since March" }');
  expect(errors()).toEqual([]);
  project.commit("withdraw");
  expect(errors()).toEqual([]);
});

describe("what was withdrawn", () => {
  const LIST = '{ "things/v1": "off since March", "things/v2": "off since May" }';
  let withdrawn: string;

  beforeEach(() => {
    remove();
    project.write(WITHDRAWN, LIST);
    withdrawn = project.commit("withdraw");
    project.git("switch", "--quiet", "main");
    project.git("merge", "--quiet", "feature");
    project.git("switch", "--quiet", "--create", "next");
    project.commit("another");
  });

  const since = () => `against ${short(withdrawn)} (main)`;
  const anew = "make it things/v3: scripts/new version things/v3";

  test("may stay so, beside others", () => {
    project.write(WITHDRAWN, LIST.replace(" }", ', "events/thing-made/v1": "no consumer" }'));
    expect(errors()).toEqual([]);
  });

  test("cannot be published anew, its line taken out", () => {
    write(BROKEN);
    project.write(WITHDRAWN, '{ "things/v2": "off since May" }');
    const expected = [
      `${COPY}: was withdrawn, and is published anew, ${since()}; remove ${COPY}, or ${anew}`,
    ];
    expect(errors()).toEqual(expected);
    project.commit("publish it anew");
    expect(errors()).toEqual(expected);
  });

  test("cannot be taken from the list, or with it, for a later commit to publish it anew", () => {
    const missing = (name: string) =>
      `${WITHDRAWN} ${name}: was withdrawn, and is no longer listed, ${since()}; ` +
      `put its line back (git show ${short(withdrawn)}:./${WITHDRAWN}), or ${anew}`;
    project.write(WITHDRAWN, '{ "things/v2": "off since May" }');
    expect(errors()).toEqual([missing("things/v1")]);
    project.remove(WITHDRAWN);
    expect(errors()).toEqual([missing("things/v1"), missing("things/v2")]);
  });
});

test.each([
  [
    "without a reason",
    '{ "things/v9": "" }',
    ["things/v9: gives no reason; say why nobody goes by it any more"],
  ],
  [
    "and is there as it was",
    '{ "things/v1": "off" }',
    [
      "things/v1: is served; remove api/things/v1.yaml too, or take the line out if it is new",
      `things/v1: is published; remove ${COPY} too, or take the line out if it is new`,
    ],
  ],
  [
    "by its file",
    '{ "things/v1.yaml": "off" }',
    ["things/v1.yaml: is no contract's name; write it as todos/v1 or events/order-placed/v1"],
  ],
])("what is withdrawn %s is refused", (_name, text, expected) => {
  project.write(WITHDRAWN, text);
  expect(errors()).toEqual(expected.map((error) => `${WITHDRAWN} ${error}`));
});

test("what is served still is not withdrawn, though its copy is removed", () => {
  project.remove(COPY);
  project.write(WITHDRAWN, '{ "things/v1": "off since March" }');
  const expected = [
    `${WITHDRAWN} things/v1: is served; remove api/things/v1.yaml too, or take the line out if it is new`,
  ];
  expect(errors()).toEqual(expected);
  project.commit("withdraw");
  expect(errors()).toEqual(expected);
});

test("a copy that cannot be compared is named", () => {
  write(API.replace("{ type: string }", '{ $ref: "#/gone" }'));
  expect(errors).toThrow(
    `${COPY}: #/paths/~1things/get/responses/200/headers/ETag/schema: "#/gone" leads nowhere; compare it with ${COPY} of ${short(published)} by hand, or mend it`,
  );
});
