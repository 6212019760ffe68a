/**
 * scripts/moved: renamed resources, moved instead of destroyed and created.
 *
 * @module
 */
import { resolve } from "node:path";
import { jsonOption } from "../../internal/arguments";
import { printResult, runCommand } from "../../internal/cli";
import { exitCodes, scriptCommand } from "../../internal/script-command";

const ROOT = resolve(__dirname, "../../..");

const NOTES = `
Terraform knows a resource by its address, and that comes from its construct path: renamed, it is destroyed, and another is created. An entry in
envs/moves.ts has it moved instead. This compares the goldens of a commit with what is synthesised now, and pairs what has gone with what has
come by type, path and arguments. Sure is what has one counterpart that is like it; the rest is told, and yours to decide.`;

async function main(): Promise<void> {
  const command = scriptCommand("moved", {
    description: "Finds renamed resources and proposes their moves.",
    notes: NOTES,
    examples: ["scripts/moved", "scripts/moved --write", "scripts/moved --from origin/main --json"],
    exitCodes: exitCodes(["missingTool"]),
  })
    .option("--from <commit>", "commit whose goldens were deployed", "HEAD")
    .option("--write", "add what is sure to envs/moves.ts", false)
    .addOption(jsonOption())
    .parse();
  const options = command.opts<{ readonly from: string; readonly write: boolean; readonly json: boolean }>();
  const [{ findMoves }, { show }, { statefulTypes }] = await Promise.all([
    import("./run.js"),
    import("./show.js"),
    import("../../internal/plan/index.js"),
  ]);
  printResult(findMoves(ROOT, options.from, options.write), options.json, (report) =>
    show(report, statefulTypes()),
  );
}

void runCommand(main);
