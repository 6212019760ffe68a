import { linesOf, MOST_CHARACTERS } from "./lines";
import { type CsvRecord, recordsOf } from "./records";

/** Rows of a text that arrives in pieces of some bytes. */
async function read(text: string | Buffer, bytesAtOnce = 7): Promise<CsvRecord[]> {
  const bytes = Buffer.from(text as string);
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += bytesAtOnce) yield bytes.subarray(at, at + bytesAtOnce);
  }
  const records = [];
  for await (const record of recordsOf(linesOf(pieces()))) records.push(record);
  return records;
}

const UNCLOSED = 'a quote is not closed: write " within a field as "", and put the field in quotes';
const WITHIN = 'a quote stands within a field: write it as "", and put the field in quotes';
const TOO_LONG = "the row must have at most 16384 characters";

test.each<[string, string, CsvRecord[]]>([
  ["nothing", "", []],
  ["a row without its end", "a,b", [{ line: 1, fields: ["a", "b"] }]],
  [
    "a byte order mark, and lines that end with CRLF",
    "\ufeffid,name\r\na,b\r\n",
    [
      { line: 1, fields: ["id", "name"] },
      { line: 2, fields: ["a", "b"] },
    ],
  ],
  [
    "quotes, commas and lines within quotes",
    'a,"x ""y"", z"\nb,"one\ntwo\n\nthree"\nc,last\n',
    [
      { line: 1, fields: ["a", 'x "y", z'] },
      { line: 2, fields: ["b", "one\ntwo\n\nthree"] },
      { line: 6, fields: ["c", "last"] },
    ],
  ],
  [
    "empty lines, which are no rows",
    "\na\n\n\nb\n\n",
    [
      { line: 2, fields: ["a"] },
      { line: 5, fields: ["b"] },
    ],
  ],
  ["empty fields", "a,,\n", [{ line: 1, fields: ["a", "", ""] }]],
  ["characters of several bytes", "ä,€,😀\n", [{ line: 1, fields: ["ä", "€", "😀"] }]],
])("reads %s", async (_name, text, records) => {
  for (const bytesAtOnce of [1, 2, 7, 10_000]) expect(await read(text, bytesAtOnce)).toEqual(records);
});

test.each<[string, string, CsvRecord[]]>([
  [
    "whose quote is not closed, at the end of the file",
    'a,ok\nb,"open\nc,ok\n',
    [
      { line: 1, fields: ["a", "ok"] },
      { line: 2, problem: UNCLOSED },
      { line: 3, fields: ["c", "ok"] },
    ],
  ],
  [
    "whose quote is closed only by the next row that has some",
    'a,"open\nb,ok\nc,"fine"\nd,ok\n',
    [
      { line: 1, problem: UNCLOSED },
      { line: 2, fields: ["b", "ok"] },
      { line: 3, fields: ["c", "fine"] },
      { line: 4, fields: ["d", "ok"] },
    ],
  ],
  [
    "with a quote within a field",
    'a,o"k\nb,"bro"ken\nc,"o"k"\nd,fine\n',
    [
      { line: 1, problem: WITHIN },
      { line: 2, problem: WITHIN },
      { line: 3, problem: UNCLOSED },
      { line: 4, fields: ["d", "fine"] },
    ],
  ],
  [
    "that is too long, in one line",
    `a,${"x".repeat(MOST_CHARACTERS)}\nb,ok\n`,
    [
      { line: 1, problem: TOO_LONG },
      { line: 2, fields: ["b", "ok"] },
    ],
  ],
  [
    "that is too long, as its quote is not closed",
    `a,"x\nx\n${"y".repeat(MOST_CHARACTERS + 1)}\n"\nb,ok\n`,
    [
      { line: 1, problem: UNCLOSED },
      { line: 2, fields: ["x"] },
      { line: 3, problem: TOO_LONG },
      { line: 4, problem: UNCLOSED },
      { line: 5, fields: ["b", "ok"] },
    ],
  ],
])("a row %s costs no other", async (_name, text, records) => {
  expect(await read(text, 4096)).toEqual(records);
});

test("a row may be as long as is kept, over several lines", async () => {
  const name = "x".repeat(MOST_CHARACTERS - 5);
  expect(await read(`"a${name}\nb"\n`, 1000)).toEqual([{ line: 1, fields: [`a${name}\nb`] }]);
  expect(await read(`"ax${name}\nb"\n`, 1000)).toMatchObject([
    { line: 1, problem: UNCLOSED },
    { line: 2, problem: UNCLOSED },
  ]);
});

test("what is no UTF-8 is told apart", async () => {
  expect(await read(Buffer.from([0x61, 0x2c, 0xff, 0x0a]))).toEqual([{ line: 1, fields: ["a", "\ufffd"] }]);
});

test("of a file of any length, few lines are read ahead", async () => {
  let read = 0;
  async function* bytes() {
    for (; read < 20_000; read++) yield Buffer.from(`id-${read},"name"\n`);
  }
  const ahead: number[] = [];
  let rows = 0;
  for await (const record of recordsOf(linesOf(bytes()))) {
    if ("fields" in record) ahead.push(read - rows++);
  }
  expect(rows).toBe(20_000);
  expect(Math.max(...ahead)).toBeLessThanOrEqual(200);
});

test("behind a quote that is not closed, few of any number of empty lines are read ahead", async () => {
  let read = 0;
  async function* lines() {
    for (const text of ["id,name", 'a,"open']) yield { number: ++read, text };
    while (read < 200_000) yield { number: ++read, text: "" };
    yield { number: ++read, text: "b,ok" };
  }
  const records: [CsvRecord, number][] = [];
  for await (const record of recordsOf(lines())) records.push([record, read]);
  expect(records).toEqual([
    [{ line: 1, fields: ["id", "name"] }, 2],
    [{ line: 2, problem: UNCLOSED }, 2 + MOST_CHARACTERS + 1 - 'a,"open'.length],
    [{ line: 200_001, fields: ["b", "ok"] }, 200_001],
  ]);
});
