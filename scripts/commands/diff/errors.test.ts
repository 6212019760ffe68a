import { readFileSync } from "node:fs";
import { join } from "node:path";
import { planError } from "./errors";

/** What cdktf printed: scripts/internal/plan-report/testdata/README.md. The goldens there show the details. */
function recorded(name: string): string {
  return readFileSync(join(__dirname, "testdata", `${name}.txt`), "utf8");
}

test.each([
  ["state-locked", "Error acquiring the state lock"],
  ["provider-error", "Resource precondition failed"],
  ["specification-error", "The environments are not right; nothing was synthesised"],
])("%s", (name, summary) => {
  const error = planError(recorded(name), "envs/local");
  expect(error.summary).toBe(summary);
  expect(error.detail).not.toMatch(/Refreshing|Initializing|^│|envs\/local {2}/m);
});

const box = (...lines: string[]) => ["╷", ...lines.map((line) => `│ ${line}`), "╵"].join("\n");

test("several errors are told one below the other, warnings are not", () => {
  const output = [
    box("Warning: Deprecated"),
    box("Error: One", "", "because"),
    box("Error: Two", "", "also"),
  ].join("\n");
  expect(planError(output, "envs/prod")).toEqual({
    summary: "One (and 1 more)",
    detail: "because\n\nError: Two\n\nalso",
  });
});

const WORD = "hunter2";

test("what is known as a secret by its form is taken out", () => {
  const output = box(
    "Error: refused",
    "",
    `dialing postgres://app:${WORD}@db:5432/app with AKIAABCDEFGHIJKLMNOP`,
  );
  expect(planError(output, "envs/prod").detail).toBe("dialing (sensitive)db:5432/app with (sensitive)");
});

test.each([
  [`"master_password": "${WORD}"`, '"master_password": "(sensitive)"'],
  [`password = "${WORD} \\"x\\" y"`, 'password = "(sensitive)"'],
  [`{\\"dbPassword\\":\\"${WORD}\\",\\"a\\":1}`, '{\\"dbPassword\\":\\"(sensitive)\\",\\"a\\":1}'],
  [`?token=${WORD}&a=1`, "?token=(sensitive)&a=1"],
  ["the security token: expired", "the security token: expired"],
  ['password_policy = "strict"', 'password_policy = "strict"'],
])("what the name before it says is a secret is taken out: %s", (told, shown) => {
  expect(planError(box("Error: refused", "", told), "envs/prod").detail).toBe(shown);
});

test("without an error, the last that was said", () => {
  expect(planError("one\n\ntwo\n⠧  Synthesizing", "envs/prod")).toEqual({ summary: "one", detail: "two" });
  expect(planError("", "envs/prod")).toEqual({ summary: "cdktf ended without a word", detail: "" });
});
