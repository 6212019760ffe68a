import { readFileSync, statSync, type WriteStream } from "node:fs";
import { Writable } from "node:stream";
import { ErrorFile } from "./error-file";

let file: ErrorFile | undefined;
afterEach(() => file?.remove());

const error = (line: number) => ({ line, id: "teapot", problem: "is wrong" });

test.each([
  ["as many as are written", 3, "2,teapot,,is wrong\r\n3,teapot,,is wrong\r\n4,teapot,,is wrong\r\n", false],
  ["more than are written", 2, "2,teapot,,is wrong\r\n3,teapot,,is wrong\r\n", true],
])("of errors that are %s, the first are in the file", async (_name, most, text, truncated) => {
  file = await ErrorFile.open({ most });
  for (const line of [2, 3, 4]) await file.add(error(line));
  const { path, bytes } = await file.end();
  expect(readFileSync(path, "utf8")).toBe(`line,id,column,problem\r\n${text}`);
  expect(bytes).toBe(statSync(path).size);
  expect(file).toMatchObject({ written: most, truncated });
});

describe("a disk that is full", () => {
  const full = new Error("ENOSPC: no space left on device");
  /** A file that is opened, and whose first write ends as it is told. @param highWaterMark characters it takes before who writes waits */
  function fullFile(highWaterMark: number) {
    const stream = new Writable({
      highWaterMark,
      write: (_text, _encoding, done) => setImmediate(done, full),
    });
    const create = () => {
      setImmediate(() => stream.emit("open"));
      return stream as WriteStream;
    };
    return { stream, create };
  }

  test("fails who writes after it, and ends no process while nobody does", async () => {
    const { stream, create } = fullFile(1000);
    file = await ErrorFile.open({ create });
    await new Promise((resolve) => stream.once("close", resolve));
    await expect(file.add(error(2))).rejects.toBe(full);
    await expect(file.end()).rejects.toBe(full);
  });

  test("fails who waits for it", async () => {
    await expect(ErrorFile.open(fullFile(1))).rejects.toBe(full);
  });
});
