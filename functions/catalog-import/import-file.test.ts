import type { RowOutcome } from "./catalog-writer";
import { importFile } from "./import-file";
import type { ProductRow, RowError } from "./product-row";

const HEADER = "id,name,priceCents,currency,available\n";
const putAt = "2026-03-01T10:00:00.000Z";
const { signal } = new AbortController();

async function* chunks(text: string) {
  for (let at = 0; at < text.length; at += 1000) yield Buffer.from(text.slice(at, at + 1000));
}

/** Imports a text. @param outcome of a row, by its id; what it throws fails the chunk */
async function importText(
  text: string,
  outcome: (row: ProductRow) => RowOutcome = () => "added",
  mostRows?: number,
) {
  const errors: RowError[] = [];
  const written: ProductRow[] = [];
  let underWay = 0;
  let mostUnderWay = 0;
  const writer = {
    async write(rows: readonly ProductRow[]) {
      mostUnderWay = Math.max(mostUnderWay, ++underWay);
      await new Promise(setImmediate);
      underWay--;
      const outcomes = rows.map(outcome);
      written.push(...rows);
      return outcomes;
    },
  };
  const report = async (error: RowError) => void errors.push(error);
  const result = importFile(chunks(text), {
    ...{ writer, report, putAt, signal },
    ...(mostRows !== undefined && { mostRows }),
  });
  return { result, errors, written, underWay: () => underWay, mostUnderWay: () => mostUnderWay };
}

test("good rows are written, however many are wrong", async () => {
  const { result, errors, written } = await importText(
    `${HEADER}a,A,1,EUR,1\nb,,1,EUR\nc,"C,1,EUR,1\nd,D,x,EUR,1\ne,E,1,EUR,1\n`,
  );
  expect(await result).toEqual({ counts: { rows: 5, added: 2, changed: 0, unchanged: 0, failed: 3 } });
  expect(written.map(({ id, line }) => [id, line])).toEqual([
    ["a", 2],
    ["e", 6],
  ]);
  expect(errors.map(({ line, column, problem }) => [line, column, problem])).toEqual([
    [3, undefined, "must have 5 fields, got 4"],
    [4, undefined, 'a quote is not closed: write " within a field as "", and put the field in quotes'],
    [5, "priceCents", 'must be of type integer, got "x"'],
  ]);
});

test("a product comes once: the first row is taken, the others are named", async () => {
  const { result, errors, written } = await importText(`${HEADER}a,First,1,EUR,1\na,Second,2,EUR,2\n`);
  expect((await result).counts).toMatchObject({ rows: 2, added: 1, failed: 1 });
  expect(written.map(({ input }) => input.name)).toEqual(["First"]);
  expect(errors).toEqual([{ line: 3, id: "a", column: "id", problem: "is that of line 2 already" }]);
});

test("what became of each row is counted, and named where it is not in the catalogue", async () => {
  const outcomes: Record<string, RowOutcome> = {
    a: "added",
    b: "changed",
    c: "unchanged",
    d: "newer",
    e: "contended",
  };
  const rows = Object.keys(outcomes).map((id) => `${id},N,1,EUR,1\n`);
  const { result, errors } = await importText(HEADER + rows.join(""), ({ id }) => outcomes[id] as RowOutcome);
  expect((await result).counts).toEqual({ rows: 5, added: 1, changed: 1, unchanged: 1, failed: 2 });
  expect(errors).toEqual([
    {
      ...{ line: 5, id: "d" },
      problem:
        "the product was changed after the file was put, and stays as it is: put the file again if the row is right",
    },
    { line: 6, id: "e", problem: "the product was being changed by others all the time: put the row again" },
  ]);
});

test.each([
  ["is empty", "", "the file is empty"],
  ["has other columns", "id,name\na,A\n", /^line 1 must name the columns: .*priceCents is missing/],
  ["begins with a quote that is not closed", '"id,name\n', /^line 1: a quote is not closed/],
])("a file that %s is refused, with why", async (_name, text, reason) => {
  const { result, written } = await importText(text);
  expect(await result).toEqual({
    counts: { rows: 0, added: 0, changed: 0, unchanged: 0, failed: 0 },
    refused: expect.stringMatching(reason),
  });
  expect(written).toEqual([]);
});

test("rows beyond the most of a file are not read; those before are imported", async () => {
  const { result, written } = await importText(
    `${HEADER}a,A,1,EUR,1\nb,B,1,EUR,1\nc,C,1,EUR,1\n`,
    undefined,
    2,
  );
  expect(await result).toMatchObject({
    counts: { rows: 2, added: 2 },
    refused: "a file must have at most 2 rows: split it; those before are imported",
  });
  expect(written).toHaveLength(2);
});

describe("a long file", () => {
  const rows = Array.from({ length: 2050 }, (_, index) => `p-${index},N,1,EUR,1\n`).join("");

  test("is written in chunks, few of them at once", async () => {
    const { result, written, mostUnderWay } = await importText(HEADER + rows);
    expect((await result).counts).toMatchObject({ rows: 2050, added: 2050 });
    expect(new Set(written.map(({ id }) => id)).size).toBe(2050);
    expect(mostUnderWay()).toBe(3);
  });

  test("whose writes fail ends with their error, nothing still under way", async () => {
    const { result, underWay, written } = await importText(HEADER + rows, ({ id }) => {
      if (id === "p-150") throw new Error("throttled");
      return "added";
    });
    await expect(result).rejects.toThrow("throttled");
    expect(underWay()).toBe(0);
    expect(written.length).toBeLessThan(2050);
  });
});
