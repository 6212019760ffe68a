import { Fn, Token } from "cdktf";
import { checkKnown, checkWholeNumber } from ".";

test.each([
  { value: 1, least: 1 },
  { value: 5, least: 1, most: 5 },
])("$value is taken from $least to $most", ({ value, least, most }) => {
  expect(() => checkWholeNumber("nodes", value, least, most)).not.toThrow();
});

test.each([
  { value: 0, least: 1, message: "nodes must be a whole number of at least 1, got 0" },
  { value: 6, least: 1, most: 5, message: "nodes must be a whole number from 1 to 5, got 6" },
  { value: 1.5, least: 1, most: 5, message: "nodes must be a whole number from 1 to 5, got 1.5" },
  { value: Number.NaN, least: 1, message: "nodes must be a whole number of at least 1, got NaN" },
])("refused: $message", ({ value, least, most, message }) => {
  expect(() => checkWholeNumber("nodes", value, least, most)).toThrow(new Error(message));
});

test("a number known only at deployment is not checked", () => {
  const unknown = Token.asNumber(Fn.lookup({ nodes: 99 }, "nodes"));
  expect(() => checkWholeNumber("nodes", unknown, 1, 5)).not.toThrow();
});

test("a number that others are computed from must be known", () => {
  const unknown = Token.asNumber(Fn.lookup({ nodes: 99 }, "nodes"));
  const config: { nodes: number; shards?: number } = { nodes: 2 };
  expect(() => checkKnown(config, ["nodes", "shards"])).not.toThrow();
  expect(() => checkKnown({ ...config, shards: unknown }, ["nodes", "shards"])).toThrow(
    new Error("shards must be known before the deployment, as others are computed from it"),
  );
});
