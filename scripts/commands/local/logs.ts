import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CloudWatchLogsClient,
  type FilteredLogEvent,
  FilterLogEventsCommand,
  paginateDescribeLogGroups,
} from "@aws-sdk/client-cloudwatch-logs";
import { CommandError, EXIT } from "../../internal/cli";
import type { LocalDirectory } from "./directory";
import { runningEmulator } from "./emulator";
import { findService, ServiceLogs, servicesWithLogs } from "./service-logs";
import { ACCOUNT, endpointUrl } from "./settings";

/** Which log, and how. */
export interface LogsConfig {
  /** `emulator`, `deploy`, `supervisor`, `edge`, or the name of a service, of a function or of a log group. */
  readonly name: string;
  /** Last lines or events to begin with. */
  readonly lines: number;
  /** Goes on with what is new, until interrupted. */
  readonly follow: boolean;
}

/** Milliseconds between two looks at what is new. */
const POLL_MILLISECONDS = 700;

/**
 * Prints a log to standard output.
 *
 * @throws CommandError listing the logs that there are when the name is none of them
 */
export function logs(directory: LocalDirectory, config: LogsConfig): Promise<void> {
  if (config.name === "emulator") return printFile(directory.emulatorLog, config);
  if (config.name === "deploy") return printFile(directory.deployLog, config);
  if (config.name === "supervisor") return printFile(directory.supervisorLog, config);
  if (config.name === "edge") return printFile(directory.edgeLog, config);
  const service = findService(servicesWithLogs(directory), config.name);
  if (service !== undefined) return printService(directory, service, config);
  return printLogGroup(directory, config);
}

async function printFile(path: string, { lines, follow }: LogsConfig): Promise<void> {
  if (!existsSync(path)) {
    throw new CommandError("logs", `there is no ${path} yet`, "scripts/local up writes it");
  }
  const text = readFileSync(path, "utf8");
  process.stdout.write(last(text.split(/(?<=\n)/), lines).join(""));
  for (let offset = Buffer.byteLength(text); follow; await sleep(POLL_MILLISECONDS)) {
    const { size } = statSync(path, { throwIfNoEntry: false }) ?? { size: 0 };
    if (size < offset) offset = 0; // Begun anew.
    if (size === offset) continue;
    const file = openSync(path, "r");
    const chunk = Buffer.alloc(size - offset);
    offset += readSync(file, chunk, 0, chunk.length, offset);
    closeSync(file);
    process.stdout.write(chunk);
  }
}

async function printService(
  directory: LocalDirectory,
  service: string,
  { lines, follow }: LogsConfig,
): Promise<void> {
  const reader = new ServiceLogs(directory, service);
  const print = (text: readonly string[]) => process.stdout.write(text.map((line) => `${line}\n`).join(""));
  print(last(reader.read(), lines));
  while (follow) {
    await sleep(POLL_MILLISECONDS);
    print(reader.read());
  }
}

async function printLogGroup(directory: LocalDirectory, { name, lines, follow }: LogsConfig): Promise<void> {
  const emulator = runningEmulator(directory);
  if (!emulator)
    throw new CommandError(
      "logs",
      "the emulator does not run, and holds that log",
      "scripts/local up starts it",
    );
  const client = new CloudWatchLogsClient({
    endpoint: endpointUrl(emulator.port),
    region: ACCOUNT.region,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  const logGroupName = findLogGroup(await listLogGroups(client), name, servicesWithLogs(directory));
  const shown = new Set<string>();
  for (let startTime = 0, first = true; ; await sleep(POLL_MILLISECONDS)) {
    const events = await eventsSince(client, logGroupName, startTime);
    const fresh = events.filter(({ eventId = "" }) => !shown.has(eventId));
    for (const { timestamp = 0, message = "" } of first ? last(fresh, lines) : fresh) {
      process.stdout.write(`${new Date(timestamp).toISOString()} ${message.trimEnd()}\n`);
    }
    for (const { eventId = "" } of fresh) shown.add(eventId);
    // Events of one millisecond may come in two answers: that millisecond is asked for again.
    startTime = Math.max(startTime, ...events.map(({ timestamp = 0 }) => timestamp));
    first = false;
    if (!follow) return;
  }
}

async function listLogGroups(client: CloudWatchLogsClient): Promise<string[]> {
  const groups: string[] = [];
  for await (const page of paginateDescribeLogGroups({ client }, {})) {
    groups.push(...(page.logGroups ?? []).flatMap(({ logGroupName }) => logGroupName ?? []));
  }
  return groups;
}

/**
 * The log group that a user means.
 *
 * @param name of the group, or of a function: `upload-guard`, `todos-v1`; `todos` is enough while there is one version of it
 * @param services that have logs of their own, for the list. @default none
 * @throws CommandError listing the logs that there are, when the name is none or several of them
 */
export function findLogGroup(
  groups: readonly string[],
  name: string,
  services: readonly string[] = [],
): string {
  if (groups.includes(name)) return name;
  const ofFunction = (end: string) => {
    const pattern = new RegExp(`^/aws/lambda/.+-local-${name.replaceAll(/[^\w-]/g, "\\$&")}${end}$`);
    return groups.filter((group) => pattern.test(group));
  };
  const [exact] = ofFunction("");
  if (exact !== undefined) return exact;
  const [found, ...more] = ofFunction("-v\\d+");
  if (found !== undefined && more.length === 0) return found;
  const what = found === undefined ? "there is no log" : "there are several logs";
  const known =
    found === undefined
      ? ["emulator", "deploy", "supervisor", "edge", ...services, ...groups]
      : [found, ...more];
  const list = known.map((each) => `\n  ${each}`).join("");
  throw new CommandError("logs", `${what} of the name "${name}"`, `there are:${list}`, EXIT.usage);
}

/** The last of some items. Unlike `slice(-count)`, of which 0 gives all, it gives none for 0. */
function last<T>(items: readonly T[], count: number): readonly T[] {
  return items.slice(Math.max(0, items.length - count));
}

async function eventsSince(
  client: CloudWatchLogsClient,
  logGroupName: string,
  startTime: number,
): Promise<FilteredLogEvent[]> {
  const events: FilteredLogEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client.send(
      new FilterLogEventsCommand({ logGroupName, startTime, ...(nextToken !== undefined && { nextToken }) }),
    );
    events.push(...(page.events ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return events.sort((a, b) => (a.timestamp ?? 0) - (b.timestamp ?? 0));
}
