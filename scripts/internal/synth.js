/**
 * Runs main.ts for cdktf: bundles it with esbuild and runs the bundle from V8's code cache. No type check; that is
 * scripts/test's. The output is that of `npx ts-node main.ts` to the byte, in a fraction of the time: scripts/bench/synth
 * measures both.
 *
 * Plain JavaScript, as nothing may need compiling to get here. Runs in the project's folder, as cdktf does.
 *
 *   CDKTF_STACK_TRACES=1   keeps cdktf's stack traces and maps errors to the source
 */
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { join } = require("node:path");
const { Script } = require("node:vm");
const { stampOf } = require("../../modules/internal/input-stamp");

const root = process.cwd();
const traces = process.env.CDKTF_STACK_TRACES === "1";
const cache = join(root, ".build", "synth", traces ? "traced" : "plain");

if (traces) {
  process.setSourceMapsEnabled(true);
} else {
  // cdktf formats a whole stack trace for every token, a fifth of the synth, and shows them nowhere unless asked to.
  // Errors get their stack from V8, without this function.
  Error.captureStackTrace = () => {};
}
run(storedBundle() ?? bundle());

/** @returns {{ code: string, cachedData?: Buffer } | undefined} the last bundle, if no file it was made from has changed */
function storedBundle() {
  try {
    const stamp = JSON.parse(readFileSync(`${cache}.json`, "utf8"));
    if (stamp.toolchain !== toolchain() || stamp.inputs !== stampOf(root, stamp.files)) return undefined;
    const code = readFileSync(`${cache}.js`, "utf8");
    if (stamp.code !== hash(code)) return undefined;
    return { code, cachedData: readFileSync(`${cache}.v8`) };
  } catch {
    return undefined; // Missing or unreadable: made anew.
  }
}

/** @returns {{ code: string, files: string[] }} */
function bundle() {
  const { buildSync } = require("esbuild");
  try {
    const { outputFiles, metafile } = buildSync({
      absWorkingDir: root,
      entryPoints: ["main.ts"],
      write: false,
      bundle: true,
      metafile: true,
      platform: "node",
      target: `node${process.versions.node}`,
      format: "cjs",
      external: ["esbuild"], // It finds its binary beside itself.
      sourcemap: traces ? "inline" : false,
      logLevel: "silent",
    });
    return { code: outputFiles[0].text, files: Object.keys(metafile.inputs) };
  } catch (error) {
    if (!Array.isArray(error.errors)) throw error;
    const lines = error.errors.map(({ location, text }) =>
      location ? `  ${location.file}:${location.line}:${location.column + 1}: ${text}` : `  ${text}`,
    );
    console.error(`main.ts does not build; nothing was synthesised:\n${lines.join("\n")}`);
    process.exit(1);
  }
}

/** @param {{ code: string, files?: string[], cachedData?: Buffer }} bundled */
function run({ code, files, cachedData }) {
  const filename = join(root, "main.js");
  // What the CommonJS loader wraps a module in.
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${code}\n})`, {
    filename,
    ...(cachedData && { cachedData }),
  });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(filename), module, filename, root);
  // After the run, so that the cache holds the functions that were called.
  if (files || script.cachedDataRejected) store(code, files, script.createCachedData());
}

function store(code, files, cachedData) {
  if (!files) return writeWhole(`${cache}.v8`, cachedData);
  mkdirSync(join(cache, ".."), { recursive: true });
  writeWhole(`${cache}.js`, code);
  writeWhole(`${cache}.v8`, cachedData);
  const stamp = { toolchain: toolchain(), files, inputs: stampOf(root, files), code: hash(code) };
  writeWhole(`${cache}.json`, JSON.stringify(stamp));
}

/** Under another name first: a synth beside this one never reads half a file. */
function writeWhole(path, content) {
  const partial = `${path}.${process.pid}.partial`;
  writeFileSync(partial, content);
  renameSync(partial, path);
}

function toolchain() {
  return `node ${process.version}, esbuild ${require("esbuild/package.json").version}`;
}

function hash(text) {
  return createHash("sha256").update(text).digest("hex");
}
