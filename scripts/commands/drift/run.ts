import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withSynthesised } from "../../internal/synthesised-stack";
import { lookAt } from "./look";
import { type DriftReport, renderMarkdown, renderText } from "./show";

/** What the command is told besides environments. */
export interface RunOptions {
  readonly format: "text" | "markdown" | "json";
  /** Folder for both reports. */
  readonly out?: string;
}

/** Exit codes that say what was found. An error goes before drift: what was not looked at may have drifted, too. */
const FOUND = { nothing: 0, error: 1, drift: 2 } as const;

/**
 * Looks for drift of environments, one after the other.
 *
 * @param root folder of the project
 * @param environments names of stacks, e.g. `envs/prod`
 * @throws CommandError when the project does not synthesise or a tool is missing. What cannot be looked at is in the result.
 */
export function run(
  root: string,
  environments: readonly string[],
  { format, out }: RunOptions,
): { readonly text: string; readonly exitCode: number } {
  const report: DriftReport = {
    version: 1,
    environments: withSynthesised(root, (folder) =>
      environments.map((environment) => lookAt(root, folder, environment)),
    ),
  };
  const json = JSON.stringify(report, null, 2);
  const markdown = renderMarkdown(report);
  if (out !== undefined) {
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, "drift.json"), `${json}\n`, { mode: 0o600 });
    writeFileSync(join(out, "drift.md"), `${markdown}\n`, { mode: 0o600 });
  }
  const statuses = new Set(report.environments.map(({ status }) => status));
  const found = statuses.has("error") ? "error" : statuses.has("drift") ? "drift" : "nothing";
  const texts = { text: () => renderText(report), markdown: () => markdown, json: () => json };
  return { text: texts[format](), exitCode: FOUND[found] };
}
