import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { Argument } from "commander";
import { scriptCommand } from "../../internal/script-command";
import { quote } from "../../internal/shell";
import { fishCompletion } from "./fish";
import { completedCommand } from "./model";
import { zshCompletion } from "./zsh";

const ROOT = resolve(__dirname, "../../..");

const packagesOf = (folder: string, manifest: string) =>
  readdirSync(join(ROOT, folder)).filter((name) => existsSync(join(ROOT, folder, name, manifest)));
const environments = readdirSync(join(ROOT, "envs/testdata")).flatMap(
  (file) => /^envs-(.+)\.json$/.exec(file)?.[1] ?? [],
);

/** What is typed, and what is then offered. */
const CASES: readonly { readonly typed: readonly string[]; readonly offered: readonly string[] }[] = [
  { typed: ["scripts/local", ""], offered: ["up", "down", "status", "logs", "stop-task", "env", "reset"] },
  { typed: ["./scripts/local", "--directory", "/tmp", "st"], offered: ["status", "stop-task"] },
  { typed: ["scripts/local", "up", "--"], offered: ["--json", "--directory", "--help"] },
  { typed: ["scripts/local", "up", ""], offered: [] },
  { typed: ["scripts/bench/edge", "--s"], offered: ["--seconds"] },
  { typed: ["scripts/images", "envs/"], offered: environments.map((name) => `envs/${name}`) },
  { typed: [`${ROOT}/scripts/bootstrap`, "envs/pr"], offered: ["envs/prod"] },
  { typed: ["scripts/images", "envs/prod", "catalog", "or"], offered: ["orders"] },
  { typed: ["scripts/images", "envs/prod", ""], offered: packagesOf("services", "service.json") },
  { typed: ["scripts/rollback", "envs/prod", ""], offered: packagesOf("functions", "function.json") },
  { typed: ["scripts/invalidate", "envs/prod", "--root", "script"], offered: ["scripts"] },
  { typed: ["scripts/invalidate", "envs/prod", "--release", "READ"], offered: ["README.md"] },
  { typed: ["scripts/invalidate", "envs/prod", "--timeout", ""], offered: [] },
  { typed: ["scripts/completion", ""], offered: ["bash", "zsh", "fish"] },
  { typed: ["scripts/completion", "bash", ""], offered: [] },
];

describe("in bash, by the function that it registers", () => {
  let answers: string[];
  beforeAll(() => {
    const completion = execFileSync(join(ROOT, "scripts/completion"), ["bash"], { encoding: "utf8" });
    const tries = CASES.map(
      ({ typed }) => `COMP_WORDS=(${typed.map(quote).join(" ")}); COMP_CWORD=${typed.length - 1}; try`,
    );
    const program = `${completion}
try() {
  local registered
  registered=$(complete -p "\${COMP_WORDS[0]}") || return
  registered=\${registered#*-F }
  \${registered%% *}
  echo "\${COMPREPLY[*]}"
}
set -u
${tries.join("\n")}
`;
    const { stdout, stderr } = spawnSync("bash", ["--norc", "-s"], {
      cwd: ROOT,
      input: program,
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    answers = stdout.split("\n");
  }, 60_000);

  test.each(CASES.map((one, index) => ({ ...one, index, line: one.typed.join(" ").replace(ROOT, "…") })))(
    '"$line"',
    ({ offered, index }) => {
      expect(answers[index]?.split(" ").filter((word) => word !== "")).toEqual([...offered]);
    },
  );
});

describe("what the others are given", () => {
  const command = scriptCommand("count", { description: "Counts.", examples: ["scripts/count"] });
  command
    .subcommand("up", { description: "counts up: it's easy", examples: ["scripts/count up"] })
    .addArgument(new Argument("<environment>"))
    .argument("<unit...>")
    .option("-n, --lines <count>", "how [many]")
    .option("--out <folder>", "where to");
  command.subcommand("down", { description: "counts down", examples: ["scripts/count down"] });
  const model = completedCommand(command);

  test("zsh: options with their descriptions, arguments by place, subcommands", () => {
    const text = zshCompletion([model]);
    expect(text).toContain(
      `subcommand) local -a subcommands=('up:counts up\\: it'\\''s easy' 'down:counts down'); _describe subcommand subcommands ;;`,
    );
    expect(text).toContain(
      `    'scripts/count up') _arguments -s '*-n''[how \\[many\\]]:value: ' '*--lines''[how \\[many\\]]:value: ' ` +
        `'*--out''[where to]:value:_files -/' '*-h''[display help for command]' '*--help''[display help for command]' ` +
        `'1:environment:_scripts_environment' '*:file:_files' ;;`,
    );
    expect(text).toContain("\ncompdef _scripts_complete scripts/count\n");
  });

  test("fish: the same", () => {
    const lines = fishCompletion([model]).split("\n");
    const at = "complete -p '*scripts/count'";
    const up = `${at} -n '__fish_seen_subcommand_from up'`;
    expect(lines.filter((line) => line.startsWith(at))).toEqual([
      `${at} -f`,
      `${at} -s h -l help -d 'display help for command'`,
      `${at} -n 'not __fish_seen_subcommand_from up down' -a up -d 'counts up: it\\'s easy'`,
      `${up} -s n -l lines -r -f -d 'how [many]'`,
      `${up} -l out -r -f -a '(__fish_complete_directories)' -d 'where to'`,
      `${up} -f -a '(__scripts_environment)'`,
      `${up} -F`,
      `${at} -n 'not __fish_seen_subcommand_from up down' -a down -d 'counts down'`,
    ]);
  });
});
