/**
 * scripts/sbom: a bill of materials of all that the project depends on.
 *
 * @module
 */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { CommandError, runCommand } from "../../internal/cli";
import { scriptCommand } from "../../internal/script-command";

const ROOT = resolve(__dirname, "../../..");

const NOTES = `
The packages of package-lock.json, as \`npm sbom\` lists them, and of the Python requirements, with their licences, as CycloneDX 1.5. The same
dependencies give the same bytes: nothing in it is of the time or the machine.`;

async function main(): Promise<void> {
  const command = scriptCommand("sbom", {
    description: "Makes a bill of materials (CycloneDX) of all that the project depends on.",
    notes: NOTES,
    examples: ["scripts/sbom > sbom.json", "scripts/sbom --production --out sbom.json"],
  })
    .option("--production", "leave out what is for development alone, which is not deployed", false)
    .option("--out <file>", "write it there instead of to standard output")
    .parse();
  const { production, out } = command.opts<{ production: boolean; out?: string }>();
  // --help and wrong options are answered without it.
  const { billOfMaterials } = await import("./bill.js");
  const text = `${JSON.stringify(billOfMaterials(ROOT, production), null, 2)}\n`;
  if (out === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    writeFileSync(resolve(out), text);
  } catch (error) {
    throw new CommandError(out, `cannot be written: ${(error as Error).message}`);
  }
}

void runCommand(main);
