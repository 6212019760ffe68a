import { basename } from "node:path";
import { textTable } from "../../internal/text-table";
import type { Comparison, MadeBackup, Restored, StateList } from "./state";
import type { Unlocked } from "./unlock";

/** Addresses that are listed one by one. */
const SHOWN = 20;

/** A backup for a reader. */
export function describeBackup({ environment, path, serial, resources, bytes }: MadeBackup): string {
  return `${environment}: ${resources} resources, serial ${serial}, ${size(bytes)}: ${path}\nIt holds secrets in the clear.`;
}

/** What can be restored, for a reader. */
export function describeList({ environment, place, versions, backups, errored }: StateList): string {
  const rows = [
    ...versions.map(({ id, at, serial, bytes, resources, current }) => [
      shortTime(at),
      serial === undefined ? "no state" : String(serial),
      resources === undefined ? "" : String(resources),
      size(bytes),
      id,
      current ? "present" : "",
    ]),
    ...backups.map(({ path, at, serial, bytes }) => [
      shortTime(at),
      String(serial),
      "",
      size(bytes),
      basename(path),
      "backup",
    ]),
  ];
  return [
    `${environment}: ${place}`,
    rows.length === 0
      ? "There is nothing to restore: no version, no backup."
      : textTable(["written (UTC)", "serial", "resources", "size", "restore by", ""], rows),
    ...(errored === undefined
      ? []
      : [`Terraform could not write the state, and left it in ${errored}: restore that.`]),
  ].join("\n");
}

/** What a restore changes, for a reader who is asked. */
export function describeComparison({ present, restored, lost, regained }: Comparison): string {
  return [
    textTable(
      ["", "serial", "resources"],
      [
        ...(present ? [["present", present.serial, present.resources]] : []),
        ["to restore", restored.serial, restored.resources],
      ],
    ),
    ...addresses("Terraform will no longer know of", lost),
    ...addresses("Terraform will know again of", regained),
    ...(lost.length + regained.length === 0 ? ["Both have the same resources."] : []),
  ].join("\n");
}

/** A restore that was done, for a reader. */
export function describeRestored({ environment, restored, serial, backup }: Restored): string {
  return [
    `${environment}: the state of serial ${restored.serial} is restored, as serial ${serial}.`,
    ...(backup ? [`The one before is kept in ${backup.path}.`] : []),
    `Nothing but the state has changed: npx cdktf diff ${environment} shows how it differs from what is there.`,
  ].join("\n");
}

/** A lock that was removed, for a reader. */
export function describeUnlocked({ environment, lock }: Unlocked): string {
  return lock
    ? `${environment}: the lock of ${lock.who} is removed.`
    : `${environment}: nobody holds the state.`;
}

function addresses(title: string, list: readonly string[]): string[] {
  if (list.length === 0) return [];
  const rest = list.length - SHOWN;
  return [
    `${title} ${list.length}:`,
    ...list.slice(0, SHOWN).map((address) => `  ${address}`),
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ];
}

function shortTime(iso: string): string {
  return iso.slice(0, 16).replace("T", " ");
}

function size(bytes: number): string {
  return `${Math.ceil(bytes / 1024)} KiB`;
}
