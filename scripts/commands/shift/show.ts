import { textTable } from "../../internal/text-table";
import { type FunctionShift, type ShiftState, UNHAPPY } from "./shift";

/** What the command has done: printed as it is with `--json`. */
export interface ShiftResult {
  readonly environment: string;
  readonly dryRun: boolean;
  /** Those that shift their traffic; none where deployments move all calls at once. */
  readonly functions: readonly FunctionShift[];
}

const WORDS: Readonly<Record<ShiftState, string>> = {
  live: "all calls go to the newest version",
  begun: "shift begun",
  "under-way": "shift is under way",
  done: "shifted",
  "taken-back": "taken back",
  failed: "failed",
  stopping: "being taken back",
  stopped: "taken back, as asked",
  refused: "not begun",
  "would-begin": "shift would begin",
  "would-stop": "would be taken back",
};

/** The result for a reader. */
export function describeShift({ environment, functions }: ShiftResult): string {
  if (functions.length === 0) {
    return `${environment}: no function shifts its traffic; deployments move all calls at once.`;
  }
  const rows = functions.map((shifted) => [
    shifted.function,
    shifted.from === shifted.to ? shifted.to : `${shifted.from} to ${shifted.to}`,
    WORDS[shifted.state],
    shifted.reason ?? shifted.deploymentId,
  ]);
  return textTable(["function", "version", "", ""], rows);
}

/** What went wrong, in one line; undefined when nothing did. */
export function failureOf({ functions }: ShiftResult): string | undefined {
  const unhappy = functions.filter(({ state }) => UNHAPPY.has(state));
  if (unhappy.length === 0) return undefined;
  return `the newest version is not live of ${unhappy.map((shifted) => shifted.function).join(", ")}`;
}
