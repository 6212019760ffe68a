/**
 * Runs main.ts for cdktf: bundles it with esbuild and runs the bundle from V8's code cache. No type check; that is
 * scripts/test's. The output is that of `npx ts-node main.ts` to the byte, in a fraction of the time: scripts/bench/synth
 * measures both.
 *
 * Two bundles, as they change at different times: `packages` holds what comes from node_modules, `project` the rest. Each is
 * stored under .build/synth/ and used until one of the files that it was made from has another time or size.
 *
 * Plain JavaScript, as nothing may need compiling to get here. Runs in the project's folder, as cdktf does.
 *
 *   CDKTF_STACK_TRACES=1   keeps cdktf's stack traces, and shows those of errors
 */
const { createHash } = require("node:crypto");
const { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { createRequire, isBuiltin, SourceMap } = require("node:module");
const { join } = require("node:path");
const { Script } = require("node:vm");
const { stampBefore, stampOf } = require("../../modules/internal/input-stamp");

const root = process.cwd();
const traces = process.env.CDKTF_STACK_TRACES === "1";
const folder = join(root, ".build", "synth", "plain");

/** How main.ts is bundled. */
const PROJECT = { entryPoints: ["main.ts"], packages: "external" };

/**
 * @typedef {object} Bundle
 * @property {string} name `packages` or `project`
 * @property {string} code
 * @property {string[]} imports packages that it imports and does not hold
 * @property {Buffer} [cachedData] V8's code cache
 * @property {string[]} [files] what it was made from, when it was made just now
 * @property {number} [began] when that was, in milliseconds since 1970
 */

function main() {
  if (!existsSync(join(root, "node_modules", "esbuild"))) {
    console.error("The dependencies are not installed; nothing was synthesised: run npm ci");
    process.exit(1);
  }
  if (!traces) {
    // cdktf formats a whole stack trace for every token, a fifth of the synth, and shows them nowhere unless asked to.
    // Errors get their stack from V8, without this function.
    Error.captureStackTrace = () => {};
  }
  const project = stored("project", "") ?? bundleProject();
  const names = project.imports;
  const packages = stored("packages", names.join()) ?? bundlePackages(names);

  const fromDisk = createRequire(join(root, "main.ts"));
  const held = run(packages, fromDisk);
  try {
    run(project, (name) => (Object.hasOwn(held, name) ? held[name]() : fromDisk(name)));
  } catch (error) {
    console.error(`main.ts does not run; nothing was synthesised:\n${inSource(error)}`);
    process.exit(1);
  }
  // After the run, so that the code cache holds the functions that were called.
  store(packages, names.join());
  store(project, "");
}

/** @returns {Bundle} */
function bundleProject() {
  return build("project", PROJECT);
}

/** What an error says, with its places in the source, which the bundle does not know: the first alone unless traces are wanted. */
function inSource(error) {
  const { stack = String(error) } = Object(error);
  const { outputFiles } = esbuild({ ...PROJECT, sourcemap: "external", outfile: "main.js" });
  const map = new SourceMap(JSON.parse(outputFiles.find(({ path }) => path.endsWith(".map")).text));
  let first;
  const mapped = stack.replaceAll(/([^\s(]*[\\/])main\.js:(\d+):(\d+)/g, (place, at, line, column) => {
    const { originalSource, originalLine, originalColumn } = map.findEntry(line - 1, column - 1);
    if (originalSource === undefined) return place;
    const source = `${originalSource}:${originalLine + 1}:${originalColumn + 1}`;
    first ??= source;
    return at + source;
  });
  return traces || first === undefined ? mapped : `  ${first}: ${error}`;
}

/** A module that maps each name to a function which loads that package. @returns {Bundle} */
function bundlePackages(names) {
  const entries = names.map((name) => `${JSON.stringify(name)}: () => require(${JSON.stringify(name)})`);
  const stdin = { contents: `module.exports = { ${entries.join(", ")} };`, resolveDir: root };
  return build("packages", { stdin });
}

/** @returns {Bundle} */
function build(name, options) {
  const began = Date.now();
  try {
    const { outputFiles, metafile } = esbuild(options);
    const imported = Object.values(metafile.outputs).flatMap(({ imports }) =>
      imports.map(({ path }) => path),
    );
    const imports = [...new Set(imported)].filter((path) => !isBuiltin(path) && path !== "esbuild").sort();
    const files = Object.keys(metafile.inputs).filter((file) => file !== "<stdin>");
    return { name, code: outputFiles[0].text, imports, files, began };
  } catch (error) {
    if (!Array.isArray(error.errors)) throw error;
    const lines = error.errors.map(({ location, text }) =>
      location ? `  ${location.file}:${location.line}:${location.column + 1}: ${text}` : `  ${text}`,
    );
    console.error(`main.ts does not build; nothing was synthesised:\n${lines.join("\n")}`);
    process.exit(1);
  }
}

function esbuild(options) {
  return require("esbuild").buildSync({
    ...options,
    absWorkingDir: root,
    write: false,
    bundle: true,
    metafile: true,
    platform: "node",
    target: `node${process.versions.node}`,
    format: "cjs",
    external: ["esbuild"], // It finds its binary beside itself.
    logLevel: "silent",
  });
}

/**
 * The bundle as it was stored, if it would come out the same now.
 *
 * @param {string} recipe what it depends on besides its files
 * @returns {Bundle | undefined}
 */
function stored(name, recipe) {
  try {
    const path = join(folder, name);
    const memory = JSON.parse(readFileSync(`${path}.json`, "utf8"));
    if (memory.recipe !== withToolchain(recipe) || memory.stamp !== stampOf(root, memory.files))
      return undefined;
    const code = readFileSync(`${path}.js`, "utf8");
    if (memory.code !== hash(code)) return undefined;
    return { name, code, imports: memory.imports, cachedData: readFileSync(`${path}.v8`) };
  } catch {
    return undefined; // Missing or unreadable: made anew.
  }
}

/** Stores a bundle that was made just now, or its code cache alone where V8 has refused the stored one. */
function store({ name, code, imports, files, began, script }, recipe) {
  if (!files && !script.cachedDataRejected) return;
  const stamp = files && stampBefore(root, files, began);
  if (files && !stamp) return; // One was written meanwhile: the next synth makes the bundle anew.
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeWhole(`${path}.v8`, script.createCachedData());
  if (!files) return;
  writeWhole(`${path}.js`, code);
  const memory = {
    recipe: withToolchain(recipe),
    files,
    stamp: stampOf(root, files),
    code: hash(code),
    imports,
  };
  writeWhole(`${path}.json`, JSON.stringify(memory));
}

/** Runs a bundle as Node.js runs a CommonJS module. @returns its exports */
function run(bundle, require) {
  const filename = join(root, `${bundle.name === "project" ? "main" : bundle.name}.js`);
  bundle.script = new Script(
    `(function (exports, require, module, __filename, __dirname) {${bundle.code}\n})`,
    {
      filename,
      ...(bundle.cachedData && { cachedData: bundle.cachedData }),
    },
  );
  const module = { exports: {} };
  bundle.script.runInThisContext()(module.exports, require, module, filename, root);
  return module.exports;
}

/** Under another name first: a synth beside this one never reads half a file. */
function writeWhole(path, content) {
  const partial = `${path}.${process.pid}.partial`;
  writeFileSync(partial, content);
  renameSync(partial, path);
}

function withToolchain(recipe) {
  // This file's own text, for the options it gives.
  const runner = hash(readFileSync(__filename, "utf8"));
  return `node ${process.version}, esbuild ${require("esbuild/package.json").version}, runner ${runner}: ${recipe}`;
}

function hash(text) {
  return createHash("sha256").update(text).digest("hex");
}

main();
