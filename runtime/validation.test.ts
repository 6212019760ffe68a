import { invalidRequest, type Validate, type ValidationError, violations } from ".";

const place = (pointer: string) => ({ pointer: `#${pointer}` });

/** A validator that finds one error. */
function finding(error: Partial<ValidationError>): Validate {
  const validate: Validate = () => false;
  validate.errors = [{ instancePath: "", keyword: "", params: {}, ...error }];
  return validate;
}

test.each<[string, Partial<ValidationError>, string, string]>([
  [
    "a missing field",
    { keyword: "required", params: { missingProperty: "title" } },
    "#/title",
    "is required",
  ],
  [
    "an unknown field, its name escaped",
    { keyword: "additionalProperties", params: { additionalProperty: "a/b~c" } },
    "#/a~1b~0c",
    "is not known",
  ],
  [
    "a type",
    { instancePath: "/title", keyword: "type", params: { type: "string" } },
    "#/title",
    "must be of type string",
  ],
  [
    "a value out of a list",
    { instancePath: "/status", keyword: "enum", params: { allowedValues: ["open", "done"] } },
    "#/status",
    "must be one of open, done",
  ],
  [
    "a short text",
    { instancePath: "/a", keyword: "minLength", params: { limit: 1 } },
    "#/a",
    "must have at least 1 character",
  ],
  [
    "a long text",
    { instancePath: "/a", keyword: "maxLength", params: { limit: 200 } },
    "#/a",
    "must have at most 200 characters",
  ],
  [
    "a short list",
    { instancePath: "/a", keyword: "minItems", params: { limit: 1 } },
    "#/a",
    "must have at least 1 entry",
  ],
  [
    "a long list",
    { instancePath: "/a", keyword: "maxItems", params: { limit: 10 } },
    "#/a",
    "must have at most 10 entries",
  ],
  [
    "a small number",
    { instancePath: "/a", keyword: "minimum", params: { limit: 1 } },
    "#/a",
    "must be at least 1",
  ],
  [
    "a large number",
    { instancePath: "/a", keyword: "maximum", params: { limit: 100 } },
    "#/a",
    "must be at most 100",
  ],
  [
    "a pattern",
    { instancePath: "/a/0", keyword: "pattern", params: { pattern: "\\S" } },
    "#/a/0",
    "must match \\S",
  ],
  [
    "a format",
    { instancePath: "/a", keyword: "format", params: { format: "date-time" } },
    "#/a",
    "must be a date-time",
  ],
  [
    "an entry twice",
    { instancePath: "/a", keyword: "uniqueItems", params: { i: 0, j: 2 } },
    "#/a",
    "must not hold an entry twice: 0 and 2 are the same",
  ],
  ["a rule without a text of its own", { instancePath: "/a", keyword: "not" }, "#/a", "violates not"],
])("tells of %s", (_case, error, pointer, detail) => {
  expect(violations(finding(error), {}, place)).toEqual([{ pointer, detail }]);
});

test("valid data violates nothing", () => {
  expect(violations(() => true, {}, place)).toEqual([]);
});

test("of very many violations the first hundred are named, and that there are more", () => {
  const validate: Validate = Object.assign(() => false, {
    errors: Array.from({ length: 40_000 }, (_, index) => ({
      instancePath: `/items/${index}`,
      keyword: "required",
      params: { missingProperty: "id" },
    })),
  });
  const problem = invalidRequest(violations(validate, {}, place));
  expect(problem.detail).toBe("The request has more than 100 errors.");
  expect(problem.violations).toHaveLength(100);
  expect(problem.violations.at(-1)).toEqual({ pointer: "#/items/99/id", detail: "is required" });
});
