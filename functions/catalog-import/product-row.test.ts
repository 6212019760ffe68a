import type { Column } from "./columns";
import { readColumns } from "./columns";
import { readProductRow } from "./product-row";

const COLUMNS: readonly Column[] = [
  "id",
  "name",
  "priceCents",
  "currency",
  "available",
  "description",
  "listed",
];

describe("the columns", () => {
  test("may come in any order, without those that have a default", () => {
    expect(readColumns(["available", "id", "currency", "name", "priceCents"])).toHaveLength(5);
  });

  test.each([
    [
      "are missing, not known or there twice",
      ["id", "name", "Price", "currency", "id"],
      'priceCents is missing; available is missing; "Price" is not known; id is there twice',
    ],
    [
      "are separated by something else",
      ["id;name;priceCents;currency;available"],
      'id is missing; name is missing; priceCents is missing; currency is missing; available is missing; "id;name;priceCents;currency;available" is not known',
    ],
  ])("that %s are named", (_name, names, wrong) => {
    expect(() => readColumns(names)).toThrow(
      `line 1 must name the columns: id,name,priceCents,currency,available, and as you like description,listed; ${wrong}`,
    );
  });
});

test("a row is a product, with the contract's defaults for what is empty", () => {
  const fields = ["teapot", "Blue teapot", "3900", "EUR", "12", "", ""];
  expect(readProductRow(COLUMNS, 7, fields)).toEqual({
    line: 7,
    id: "teapot",
    input: {
      ...{ name: "Blue teapot", priceCents: 3900, currency: "EUR", available: 12 },
      ...{ description: "", listed: true },
    },
  });
  const all = ["teapot", "Blue teapot", "0", "EUR", "0", "Two\nlines, and a comma.", "false"];
  expect(readProductRow(COLUMNS, 7, all)).toMatchObject({
    input: { description: "Two\nlines, and a comma.", listed: false, priceCents: 0 },
  });
});

const GOOD: Readonly<Record<Column, string>> = {
  ...{ id: "teapot", name: "Blue teapot", priceCents: "3900", currency: "EUR", available: "12" },
  ...{ description: "", listed: "true" },
};

test.each<[Column, string, string]>([
  ["id", "", 'must be 1 to 64 of letters, digits, ".", "_" and "-", the first a letter or digit, got ""'],
  ["id", "-a", 'must be 1 to 64 of letters, digits, ".", "_" and "-", the first a letter or digit, got "-a"'],
  ["name", "", 'must have at least 1 character, got ""'],
  ["name", " ", 'must match \\S, got " "'],
  ["name", "x".repeat(201), `must have at most 200 characters, got "${"x".repeat(60)}…"`],
  ["name", "a\u0007b", 'must not hold control characters, got "a\u0007b"'],
  ["name", "caf\ufffd", "must be UTF-8"],
  ["priceCents", "", 'must be of type integer, got ""'],
  ["priceCents", "39.00", 'must be of type integer, got "39.00"'],
  ["priceCents", "1e3", 'must be of type integer, got "1e3"'],
  ["priceCents", " 5", 'must be of type integer, got " 5"'],
  ["priceCents", "-1", 'must be at least 0, got "-1"'],
  ["priceCents", "1000000001", 'must be at most 1000000000, got "1000000001"'],
  ["currency", "eur", 'must match ^[A-Z]{3}$, got "eur"'],
  ["available", "007", 'must be of type integer, got "007"'],
  ["listed", "yes", 'must be of type boolean, got "yes"'],
])("%s %j is refused, with what must hold", (column, value, problem) => {
  const fields = COLUMNS.map((name) => (name === column ? value : GOOD[name]));
  const id = column === "id" ? (value === "" ? {} : { id: value }) : { id: "teapot" };
  expect(readProductRow(COLUMNS, 3, fields)).toEqual([{ line: 3, ...id, column, problem }]);
});

test.each([
  ["as long as ids may be is named whole", "x".repeat(64), "x".repeat(64)],
  ["that is longer is cut", "x".repeat(65), `${"x".repeat(60)}…`],
])("in an error, an id %s", (_name, id, told) => {
  expect(readProductRow(COLUMNS, 3, [id, "N", "x", "EUR", "1", "", ""])).toContainEqual(
    expect.objectContaining({ id: told, problem: expect.any(String) }),
  );
});

test("each thing that is wrong is named", () => {
  const fields = ["a b", "", "x", "EUR", "12", "", "true"];
  expect(readProductRow(COLUMNS, 3, fields)).toMatchObject([
    { column: "id" },
    { column: "name" },
    { column: "priceCents" },
  ]);
});

test("a row has as many fields as there are columns", () => {
  expect(readProductRow(COLUMNS, 3, ["teapot", "Blue teapot"])).toEqual([
    { line: 3, problem: "must have 7 fields, got 2" },
  ]);
});
