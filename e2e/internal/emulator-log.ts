import { existsSync, readFileSync } from "node:fs";
import type { LocalDirectory } from "../../scripts/commands/local/directory";

const LINES = 60;

/** Shows, on standard error, what the emulator said last. */
export function showEmulatorLog({ emulatorLog }: LocalDirectory): void {
  if (!existsSync(emulatorLog)) return;
  const lines = readFileSync(emulatorLog, "utf8").trimEnd().split("\n").slice(-LINES);
  console.error([`The emulator's last ${lines.length} lines:`, ...lines].join("\n  "));
}
