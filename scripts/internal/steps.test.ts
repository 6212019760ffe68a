import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const TSX = join(__dirname, "../../node_modules/tsx/dist/loader.mjs");
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "steps-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** What a command shows whose output is no terminal, of one step. */
function show(body: string, quiet = false) {
  const script = join(folder, "main.ts");
  writeFileSync(
    script,
    `import { runSteps } from ${JSON.stringify(join(__dirname, "steps"))};
     async function main() {
       await runSteps([{ title: "Work", run: async ({ progress, count, done }) => { ${body} } }], ${quiet});
     }
     main().catch((error) => {
       console.log(error.message);
       process.exitCode = 1;
     });`,
  );
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--import", TSX, script], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"], NO_COLOR: "1" },
  });
  return { stdout, status, lines: stderr.split("\n").filter((line) => line !== "") };
}

test("of many resources, about every tenth is a line, the last too", () => {
  const { lines } = show(`
    for (let finished = 0; finished <= 119; finished++) count(finished, 119, finished + " of 119");
    done("Work: all done");`);
  expect(
    lines.filter((line) => line.includes(" of 119")).map((line) => line.replace(/^.* (\d+) of .*$/, "$1")),
  ).toEqual([..."0 12 24 36 48 60 72 84 96 108 119".split(" ")]);
  expect(lines.at(-1)).toContain("Work: all done");
});

test.each([
  [
    "few parts: each is a line",
    [
      [0, 2],
      [1, 2],
      [2, 2],
    ],
    ["0/2", "1/2", "2/2"],
  ],
  ["nothing to do: one line", [[0, 0]], ["0/0"]],
  [
    "not known yet: one line",
    [
      [0, undefined],
      [1, undefined],
    ],
    ["0/undefined"],
  ],
  [
    "begun again: from the first",
    [
      [0, 9],
      [9, 9],
      [0, 9],
    ],
    ["0/9", "9/9", "0/9"],
  ],
])("%s", (_, counts, expected) => {
  const { lines } = show(
    counts.map(([done, all]) => `count(${done}, ${all}, "part ${done}/${all}");`).join(" "),
  );
  expect(lines.flatMap((line) => /part (\S+)/.exec(line)?.[1] ?? [])).toEqual(expected);
});

test("whatever else a step tells is shown, however soon", () => {
  const { lines } = show(`progress("put back"); count(1, 100, "1 of 100"); progress("once more");`);
  expect(lines.filter((line) => /put back|1 of 100|once more/.test(line))).toHaveLength(3);
});

test("a failure reaches the command whole, and ends the steps", () => {
  const { lines, stdout, status } = show(`throw new Error("first line\\nsecond line");`);
  expect(stdout).toBe("first line\nsecond line\n");
  expect(lines.join()).not.toContain("second line");
  expect(status).toBe(1);
});

test("quiet shows nothing", () => {
  expect(show(`progress("put back"); done("done");`, true).lines).toEqual([]);
});
