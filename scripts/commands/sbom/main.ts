/**
 * scripts/sbom: a bill of materials of all that the project depends on.
 *
 * @module
 */
import { resolve } from "node:path";
import { runCommand } from "../../internal/cli";
import { scriptCommand } from "../../internal/script-command";

const ROOT = resolve(__dirname, "../../..");

const NOTES = `
The packages of package-lock.json, as \`npm sbom\` lists them, and of the Python requirements, with their licences, as CycloneDX 1.5. The same
dependencies give the same bytes: nothing in it is of the time or the machine.`;

async function main(): Promise<void> {
  const command = scriptCommand("sbom", {
    description: "Prints a bill of materials (CycloneDX) of all that the project depends on.",
    notes: NOTES,
    examples: ["scripts/sbom > sbom.json", "scripts/sbom --production > sbom.json"],
  })
    .option("--production", "leave out what is for development alone, which is not deployed", false)
    .parse();
  const { production } = command.opts<{ production: boolean }>();
  // --help and wrong options are answered without it.
  const { billOfMaterials } = await import("./bill.js");
  process.stdout.write(`${JSON.stringify(billOfMaterials(ROOT, production), null, 2)}\n`);
}

void runCommand(main);
