import { textTable } from "../../internal/text-table";
import type { Rollback } from "./rollback";

/** Versions that are shown: the newest, and what is moved. */
const SHOWN = 10;

/** The rollback for a reader. */
export function describeRollback(result: Rollback): string {
  const { dryRun, from, to, sameCode, versions, movedForwardBy } = result;
  const shown = versions.filter(
    ({ version }, index) => index >= versions.length - SHOWN || version === from || version === to,
  );
  const rows = shown.map(({ version, publishedAt, codeSha256, codeBytes, description }) => [
    version,
    publishedAt.slice(0, 16).replace("T", " "),
    codeSha256.slice(0, 12),
    `${Math.ceil(codeBytes / 1024)} KiB`,
    version === to
      ? dryRun
        ? "would be live"
        : "live now"
      : version === from
        ? dryRun
          ? "live"
          : "was live"
        : "",
    description,
  ]);
  const moved = dryRun ? "would be moved" : "was moved";
  return [
    textTable(["version", "published (UTC)", "code", "size", "", "description"], rows),
    "",
    `${result.deployedName}: live ${moved} from ${from} to ${to}.`,
    ...(sameCode ? [`${from} and ${to} have the same code: they differ in configuration alone.`] : []),
    `The next ${movedForwardBy} moves it forward again, unless the source is reverted.`,
  ].join("\n");
}
