import { readFileSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { buildSync } from "esbuild";
import { declaredCommand, scriptFiles } from "./declared-commands";

const ROOT = resolve(__dirname, "../..");

const files = scriptFiles(ROOT);
const commands = files.map((file) => ({ ...file, command: declaredCommand(ROOT, file) }));
/** Those that have subcommands, and these, each by itself. */
const all = commands.flatMap(({ path, command }) => [
  { path, command },
  ...command.commands.map((subcommand) => ({ path: `${path} ${subcommand.name()}`, command: subcommand })),
]);

/** What a command prints, and how it ends, when it is called so. Nothing of it runs. */
function call(command: Command, args: readonly string[]) {
  let out = "";
  let err = "";
  command.configureOutput({
    writeOut: (text) => {
      out += text;
    },
    writeErr: (text) => {
      err += text;
    },
  });
  const exit = jest.spyOn(process, "exit").mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
  try {
    command.parse(args, { from: "user" });
    return { out, err, ended: "not at all" };
  } catch (error) {
    return { out, err, ended: (error as Error).message };
  } finally {
    exit.mockRestore();
  }
}

test("there are commands", () => {
  expect(commands.length).toBeGreaterThan(15);
});

describe.each(files)("$path", ({ path }) => {
  const text = readFileSync(join(ROOT, path), "utf8");

  test("can be run, and names its help", () => {
    expect(statSync(join(ROOT, path)).mode & 0o111).toBe(0o111);
    expect(text).toMatch(
      /^#!\/bin\/sh\n# .+\nexec "\$\(dirname -- "\$0"\)\/(\.\.\/)?internal\/run" [a-z-]+ "\$@"\n$/,
    );
    expect(text).toContain(`: ${path} --help\n`);
  });
});

describe.each(commands)("$path", ({ path, command }) => {
  test("goes by its name", () => {
    expect(command.name()).toBe(path);
  });

  test("refuses a wrong option, with the code that its help gives wrong arguments: 2, unless that is taken", () => {
    const [, code] = /\b(\d+) [^,]*wrong\s+arguments/.exec(call(command, ["--help"]).out) ?? [];
    // What it cannot do without would be missed first.
    for (const option of command.options) option.makeOptionMandatory(false);
    expect(call(command, ["--no-such-option"])).toEqual({
      out: "",
      err: expect.stringMatching(`^error: ${path}: unknown option '--no-such-option'\n`),
      ended: `exit ${code}`,
    });
  });
});

test.each(all)("$path --help shows usage, examples and exit codes, and ends with 0", ({ path, command }) => {
  const { out, err, ended } = call(command, ["--help"]);
  expect({ err, ended }).toEqual({ err: "", ended: "exit 0" });
  expect(out).toMatch(new RegExp(`^Usage: ${path} `));
  expect(out).toMatch(/\n\nExamples?:\n( {2}\S.*\n)+/);
  expect(out).toMatch(/\nExit codes: 0 [\s\S]*\.\n$/);
});

test.each(all)("the examples of $path are calls of it", ({ path, command }) => {
  const [script = "", subcommand = ""] = path.split(" ");
  const [, examples = ""] = /\nExamples?:\n((?: {2}\S.*\n)+)/.exec(call(command, ["--help"]).out) ?? [];
  for (const example of examples.trimEnd().split("\n")) {
    expect(example).toMatch(new RegExp(`${script}\\b.*\\b${subcommand}`));
  }
});

/** Options that mean the same wherever they are, and how they are written. */
const SAME = {
  "--json": "--json",
  "--dry-run": "--dry-run",
  "--auto-approve": "--auto-approve",
  "--timeout": "--timeout <seconds>",
  "--directory": "--directory <folder>",
  "--stack": "--stack <file>",
} as const;
/** Other names of the same things. */
const OTHERWISE = ["--yes", "--force", "--dryrun", "--check-only", "--output", "--dir", "--seconds-to-wait"];

test("the same thing is called the same everywhere", () => {
  const options = all.flatMap(({ path, command }) =>
    command.options.map(({ flags, long }) => ({ path, flags, long })),
  );
  expect(
    options.filter(
      ({ flags, long }) =>
        OTHERWISE.includes(long ?? "") ||
        (Object.hasOwn(SAME, long ?? "") && SAME[long as keyof typeof SAME] !== flags),
    ),
  ).toEqual([]);
});

test("an environment is called an environment, and comes first", () => {
  const places = all.flatMap(({ path, command }) =>
    command.registeredArguments.flatMap((argument, index) =>
      argument.name() === "environment" || /^e\.g\. envs\//.test(argument.description)
        ? [{ path, name: argument.name(), index }]
        : [],
    ),
  );
  expect(places.filter(({ name, index }) => name !== "environment" || index !== 0)).toEqual([]);
});

test("--help and wrong calls are answered without loading any package but commander", () => {
  const { inputs } = buildSync({
    entryPoints: files.map(({ folder }) => join(ROOT, folder, "main.ts")),
    outdir: "unused",
    absWorkingDir: ROOT,
    bundle: true,
    packages: "external",
    platform: "node",
    write: false,
    metafile: true,
    logLevel: "silent",
    loader: { ".json": "empty" },
  }).metafile;
  const loaded = (file: string, seen: Set<string>): string[] => {
    if (seen.has(file)) return [];
    seen.add(file);
    return (inputs[file]?.imports ?? [])
      .filter(({ kind }) => kind !== "dynamic-import")
      .flatMap(({ path, external }) => (external ? [path] : loaded(path, seen)));
  };
  const heavy = files.map(({ path, folder }) => {
    const packages = loaded(relative(ROOT, join(ROOT, folder, "main.ts")), new Set());
    return { path, packages: [...new Set(packages)].filter((name) => !/^(node:|commander$)/.test(name)) };
  });
  expect(heavy.filter(({ packages }) => packages.length > 0)).toEqual([]);
});
