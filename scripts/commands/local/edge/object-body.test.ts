import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { BrokenBodyError, ObjectBody } from "./object-body";

// The machine may be busy.
jest.setTimeout(30_000);

const folder = mkdtempSync(join(tmpdir(), "object-body-"));
let bodies = 0;
let path: string;
let body: ObjectBody;

beforeEach(() => {
  path = join(folder, String(bodies++));
  body = new ObjectBody(path);
  body.acquire();
});

afterAll(() => rmSync(folder, { recursive: true }));

async function readAll(from: ObjectBody, first?: number, last?: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of from.read(first, last)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const small = Buffer.from("0123456789");
/** Of a period that no power of two is a multiple of. */
const large = Buffer.alloc(300_000, "0123456789a");

test("a small body stays in memory", async () => {
  await body.append(small.subarray(0, 4));
  await body.append(small.subarray(4));
  expect(body.inMemory).toBeUndefined();
  body.finish();
  expect(body.inMemory).toEqual(small);
  expect(await readAll(body)).toEqual(small);
  expect(existsSync(path)).toBe(false);
});

test("a large body goes into a file, what was in memory too", async () => {
  await body.append(small);
  await body.append(large);
  body.finish();
  expect(body.inMemory).toBeUndefined();
  expect(existsSync(path)).toBe(true);
  expect((await readAll(body)).equals(Buffer.concat([small, large]))).toBe(true);
  body.release(false);
  body.remove();
});

test("a reader waits for what is still to come", async () => {
  const read = readAll(body);
  await body.append(small);
  await body.append(large);
  body.finish();
  expect((await read).equals(Buffer.concat([small, large]))).toBe(true);
  body.release(false);
  body.remove();
});

test("any part of any body reads as the same part of its bytes", async () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 50_000 }), { maxLength: 6 });
  const bound = fc.integer({ min: 0, max: 200_000 });
  await fc.assert(
    fc.asyncProperty(sizes, bound, bound, async (chunkSizes, first, length) => {
      const bytes = large.subarray(
        0,
        chunkSizes.reduce((sum, size) => sum + size, 0),
      );
      const one = new ObjectBody(join(folder, String(bodies++)));
      one.acquire();
      const early = readAll(one, first, first + length);
      let at = 0;
      for (const size of chunkSizes) {
        await one.append(bytes.subarray(at, at + size));
        at += size;
      }
      one.finish();
      const expected = bytes.subarray(first, first + length + 1);
      expect((await early).equals(expected)).toBe(true);
      expect((await readAll(one, first, first + length)).equals(expected)).toBe(true);
      one.release(false);
      one.remove();
    }),
    { numRuns: 50 },
  );
});

test("a body that breaks off breaks its readers off", async () => {
  await body.append(small);
  const read = readAll(body);
  body.break();
  await expect(read).rejects.toThrow(BrokenBodyError);
  expect(body.isComplete).toBe(false);
});

test("a part that is there is read from a body that has broken off behind it", async () => {
  await body.append(small);
  body.break();
  expect((await readAll(body, 0, 3)).toString()).toBe("0123");
});

test("a file is removed when nobody reads it any more, not before", async () => {
  await body.append(large);
  body.finish();
  body.remove();
  expect(existsSync(path)).toBe(true);
  expect((await readAll(body)).equals(large)).toBe(true);
  body.release(false);
  expect(existsSync(path)).toBe(false);
});

test("the last reader that leaves early gives a body up that still grows", async () => {
  let abandoned = 0;
  body.whenAbandoned(() => {
    abandoned += 1;
  });
  body.acquire();
  body.release(true);
  expect(abandoned).toBe(0);
  body.release(true);
  expect(abandoned).toBe(1);
});

test.each([
  { name: "one that has read all it wanted", early: false, complete: false },
  { name: "one that leaves when all is there", early: true, complete: true },
])("$name gives nothing up", ({ early, complete }) => {
  body.whenAbandoned(() => {
    throw new Error("given up");
  });
  if (complete) body.finish();
  body.release(early);
});
