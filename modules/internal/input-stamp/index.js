/**
 * Tells whether the files that a build was made from are still the same, by their times and sizes, as a compiler's incremental
 * build does. Plain JavaScript, with its types in index.d.ts: scripts/internal/synth.js uses it before anything is compiled.
 *
 * @module
 */
const { createHash } = require("node:crypto");
const { statSync } = require("node:fs");
const { join } = require("node:path");

function stampOf(root, files) {
  return sum(facts(root, files));
}

function stampBefore(root, files, time) {
  const found = facts(root, files);
  return found.every(({ mtimeMs }) => mtimeMs < time) ? sum(found) : undefined;
}

function facts(root, files) {
  return files.map((file) => {
    const { mtimeMs, size } = statSync(join(root, file));
    return { file, mtimeMs, size };
  });
}

function sum(found) {
  const text = found.map(({ file, mtimeMs, size }) => `${file} ${mtimeMs} ${size}`).join("\n");
  return createHash("sha256").update(text).digest("hex");
}

module.exports = { stampBefore, stampOf };
