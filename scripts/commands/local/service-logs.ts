import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { LocalDirectory } from "./directory";

/** Names of the services that have logs, as they are deployed: `acme-local-catalog`. */
export function servicesWithLogs({ services }: Pick<LocalDirectory, "services">): string[] {
  const folder = join(services, "logs");
  return existsSync(folder) ? readdirSync(folder) : [];
}

/**
 * The service that a user means.
 *
 * @param name as it is deployed, or its end: `catalog`
 * @returns undefined when it is none or several of them
 */
export function findService(services: readonly string[], name: string): string | undefined {
  if (services.includes(name)) return name;
  const found = services.filter((service) => service.endsWith(`-${name}`));
  return found.length === 1 ? found[0] : undefined;
}

/** Reads what the tasks of a service print, in the order of time: from the beginning, then what is new. */
export class ServiceLogs {
  private readonly offsets = new Map<string, number>();

  constructor(
    private readonly directory: Pick<LocalDirectory, "services">,
    private readonly service: string,
  ) {}

  /** What is new since the last call: `<time> <task> <container> <line>` each. */
  read(): string[] {
    const folder = join(this.directory.services, "logs", this.service);
    const files = readdirSync(folder).filter((name) => name.endsWith(".log"));
    return files.flatMap((name) => this.readFile(join(folder, name))).sort();
  }

  private readFile(path: string): string[] {
    const offset = this.offsets.get(path) ?? 0;
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size <= offset) return [];
    const text = offset === 0 ? readFileSync(path) : readPart(path, offset, size);
    // A line that is being written is read when it is whole.
    const end = text.lastIndexOf("\n") + 1;
    this.offsets.set(path, offset + end);
    const task = basename(path, ".log").slice(0, 8);
    const lines = text.subarray(0, end).toString().split("\n").slice(0, -1);
    return lines.map((line) => line.replace(/^(\S+) /, `$1 ${task} `));
  }
}

function readPart(path: string, from: number, to: number): Buffer {
  const file = openSync(path, "r");
  const part = Buffer.alloc(to - from);
  const length = readSync(file, part, 0, part.length, from);
  closeSync(file);
  return part.subarray(0, length);
}
