import { textTable } from "./text-table";

test("numbers are set to the right with their title, texts to the left, and no line ends in spaces", () => {
  expect(
    textTable(
      ["", "requests/s", "ratio", "note"],
      [
        ["edge", 12345, "2.80", undefined],
        ["a plain proxy", 98, "1.00", "slow"],
      ],
    ),
  ).toBe(
    [
      "               requests/s  ratio  note",
      "edge                12345   2.80",
      "a plain proxy          98   1.00  slow",
    ].join("\n"),
  );
});

test.each([
  {
    name: "a number that is missing leaves its column as it is",
    cells: [[1], [undefined], [10]],
    lines: [" n", " 1", "", "10"],
  },
  {
    name: "a text among numbers sets the column to the left",
    cells: [[1], ["none"]],
    lines: ["n", "1", "none"],
  },
  { name: "an empty column is one of text", cells: [[undefined]], lines: ["n", ""] },
  { name: "without rows there is the header", cells: [], lines: ["n"] },
])("$name", ({ cells, lines }) => {
  expect(textTable(["n"], cells)).toBe(lines.join("\n"));
});
