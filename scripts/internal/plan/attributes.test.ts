import { changedAttributes, pathOf } from "./attributes";
import { Shield, type Values } from "./values";

function changes(before: unknown, after: unknown, unknown: unknown = {}) {
  const shield = new Shield();
  return changedAttributes(
    shield.protect(before, {}) as Values,
    shield.protect(after, {}, unknown) as Values,
  ).map(({ path, before: old, after: next, sameMeaning }) =>
    sameMeaning
      ? `${path} written anew`
      : `${path}: ${JSON.stringify(old) ?? "none"} → ${JSON.stringify(next) ?? "none"}`,
  );
}

const statement = (Sid: string, Action: unknown) => ({ Sid, Effect: "Allow", Action, Resource: ["*"] });
const policy = (...statements: unknown[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });

test.each<[string, unknown, unknown, string[]]>([
  ["nothing", { a: 1, b: ["x"] }, { a: 1, b: ["x"] }, []],
  ["two ways to say nothing", { a: null, b: [], c: "" }, { a: "", b: null, c: {} }, []],
  ["a scalar", { ttl: 60 }, { ttl: 300 }, ["ttl: 60 → 300"]],
  ["false is something", { on: true }, { on: false }, ["on: true → false"]],
  ["a list of scalars", { subnets: ["a", "b"] }, { subnets: ["b", "c"] }, ['subnets: ["a","b"] → ["b","c"]']],
  ["the order of a list", { subnets: ["a", "b"] }, { subnets: ["b", "a"] }, ["subnets written anew"]],
  ["a map", { tags: { a: "1", "b.c": "2" } }, { tags: { a: "1", "b.c": "3" } }, ['tags["b.c"]: "2" → "3"']],
  [
    "blocks with names",
    {
      index: [
        { name: "one", key: "a" },
        { name: "two", key: "b" },
      ],
    },
    {
      index: [
        { name: "two", key: "c" },
        { name: "one", key: "a" },
      ],
    },
    ['index["two"].key: "b" → "c"'],
  ],
  [
    "blocks without names",
    { rule: [{ days: 1 }, { days: 2 }, { days: 3 }] },
    { rule: [{ days: 2 }, { days: 1 }, { days: 4 }] },
    ["rule[2].days: 3 → 4"],
  ],
  ["a block that comes", { rule: [] }, { rule: [{ days: 1 }] }, ['rule[0]: none → {"days":1}']],
  [
    "a policy by what it says",
    { policy: policy(statement("Read", ["a", "b"])) },
    { policy: policy(statement("Read", ["b", "a", "c"])) },
    ['policy.Statement["Read"].Action: ["a","b"] → ["b","a","c"]'],
  ],
  [
    "a policy that only looks different",
    { policy: '{ "Version": "2012-10-17", "Statement": [] }' },
    { policy: policy() },
    ["policy written anew"],
  ],
  [
    "tags once",
    { tags: { a: "1" }, tags_all: { a: "1" } },
    { tags: { a: "2" }, tags_all: { a: "2" } },
    ['tags.a: "1" → "2"'],
  ],
  [
    "tags that all resources have",
    { tags_all: { a: "1" } },
    { tags_all: { a: "2" } },
    ['tags_all.a: "1" → "2"'],
  ],
])("%s", (_, before, after, expected) => {
  expect(changes(before, after)).toEqual(expected);
});

test("what is known after apply", () => {
  expect(changes({ arn: "a" }, {}, { arn: true })).toEqual(['arn: "a" → "(known after apply)"']);
});

test.each<[string, readonly unknown[], string]>([
  ["an attribute", ["hash_key"], "hash_key"],
  ["within a list", ["attribute", 0, "name"], "attribute[0].name"],
  ["within a map", ["tags", "a.b"], 'tags["a.b"]'],
])("Terraform's path of %s", (_, steps, expected) => {
  expect(pathOf(steps)).toBe(expected);
});
