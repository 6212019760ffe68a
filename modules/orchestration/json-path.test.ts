import { pathProblem, placeProblem, referenceProblem } from "./json-path";

test.each([
  "$",
  "$$",
  "$.order.id",
  "$.order['two words']",
  "$['a\\'b'][0]",
  "$.lines[*].sku",
  "$.lines[-1:]",
  "$.lines[0,2]",
  "$..sku",
  "$.lines[?(@.quantity > 2)].sku",
  "$$.Execution.Id",
  "$.größe.my-name",
])("%s is a path", (text) => {
  expect(pathProblem(text)).toBeUndefined();
});

test.each([
  ["order.id", 'must begin with "$", got "order.id"'],
  ["", 'must begin with "$", got ""'],
  ["$order", 'cannot be read from "order" on, in "$order"'],
  ["$.order.", 'cannot be read from "." on, in "$.order."'],
  ["$.order[id]", 'cannot be read from "[id]" on, in "$.order[id]"'],
  ["$.order[0", 'cannot be read from "[0" on, in "$.order[0"'],
  ["$.order id", 'cannot be read from " id" on, in "$.order id"'],
  ["$.lines[?(@.quantity]", 'cannot be read from "[?(@.quantity]" on, in "$.lines[?(@.quantity]"'],
])("%j is no path", (text, problem) => {
  expect(pathProblem(text)).toBe(problem);
});

test.each(["$", "$.charge", "$.order.lines[0].state", "$['charge']"])("%s is one place", (text) => {
  expect(placeProblem(text)).toBeUndefined();
});

test.each([
  ["charge", 'must begin with "$", got "charge"'],
  ["$$.Execution.Id", 'must be a place in the input, and the context is read only, got "$$.Execution.Id"'],
  ["$.lines[*]", 'must name one place, got "$.lines[*]", which can find several'],
  ["$..sku", 'must name one place, got "$..sku", which can find several'],
  ["$.a b", 'cannot be read from " b" on, in "$.a b"'],
])("%j is no place", (text, problem) => {
  expect(placeProblem(text)).toBe(problem);
});

test.each([
  "$.order.id",
  "States.UUID()",
  "States.Format('order {}, it\\'s {}', $.order.id, $$.Execution.Name)",
  "States.MathAdd($.attempt, -1)",
  "States.Array(1, true, null, States.StringToJson($.body))",
])("%s is a reference", (text) => {
  expect(referenceProblem(text)).toBeUndefined();
});

test.each([
  ["States.Formatted('{}')", '"States.Formatted" is no intrinsic function, in "States.Formatted(\'{}\')"'],
  ["States.UUID", 'States.UUID needs its arguments in brackets, in "States.UUID"'],
  ["States.Array($.a", 'cannot be read from "" on, in "States.Array($.a"'],
  ["States.Array($.a;$.b)", 'cannot be read from ";$.b)" on, in "States.Array($.a;$.b)"'],
  ["States.Array(a)", 'cannot be read from "a)" on, in "States.Array(a)"'],
  ["States.UUID() + 1", 'cannot be read from " + 1" on, in "States.UUID() + 1"'],
  [
    "States.Array(States.Nothing())",
    '"States.Nothing" is no intrinsic function, in "States.Array(States.Nothing())"',
  ],
  ["order", 'must begin with "$", got "order"'],
])("%j is no reference", (text, problem) => {
  expect(referenceProblem(text)).toBe(problem);
});
