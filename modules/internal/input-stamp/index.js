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
  const facts = files.map((file) => {
    const { mtimeMs, size } = statSync(join(root, file));
    return `${file} ${mtimeMs} ${size}`;
  });
  return createHash("sha256").update(facts.join("\n")).digest("hex");
}

module.exports = { stampOf };
