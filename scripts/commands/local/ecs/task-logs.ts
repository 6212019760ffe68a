import { createWriteStream, mkdirSync, readdirSync, rmSync, statSync, type WriteStream } from "node:fs";
import { join } from "node:path";
import {
  type CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  ResourceAlreadyExistsException,
} from "@aws-sdk/client-cloudwatch-logs";

/** Milliseconds that lines are gathered for one call. */
const BATCH_MILLISECONDS = 500;
/** Events in one call, and bytes: the emulator takes as many as AWS, which says so for PutLogEvents. */
const BATCH = { events: 1000, bytes: 512 * 1024 } as const;
/** Lines that wait while CloudWatch Logs does not answer; older ones are then in the file alone. */
const WAITING_LINES = 20_000;
/** Last lines of a task that are told when it fails. */
const TOLD_LINES = 12;
/** Files of ended tasks that stay, for each service. */
const KEPT_FILES = 20;

/** Where a container's lines go in CloudWatch Logs. */
export interface LogStream {
  readonly client: CloudWatchLogsClient;
  readonly group: string;
  readonly stream: string;
}

/** What a task's containers print: kept in a file, and sent to CloudWatch Logs as ECS's driver awslogs does. */
export class TaskLogs {
  private readonly file: WriteStream;
  private readonly last: string[] = [];
  private readonly senders = new Map<string, LogSender>();

  /** @param path of the file */
  constructor(
    readonly path: string,
    private readonly onFailure: (message: string) => void,
  ) {
    this.file = createWriteStream(path, { flags: "a" });
    this.file.on("error", (error) => onFailure(`${path}: ${error.message}`));
  }

  /** From now on the lines of a container are sent there too. */
  send(container: string, stream: LogStream): void {
    this.senders.set(container, new LogSender(stream, this.onFailure));
  }

  /** Takes one line of a container. */
  line(container: string, text: string): void {
    this.file.write(`${new Date().toISOString()} ${container} ${text}\n`);
    this.last.push(`${container}: ${text}`);
    if (this.last.length > TOLD_LINES) this.last.shift();
    this.senders.get(container)?.add(text);
  }

  /** The last lines of all containers, each with its container's name. */
  lastLines(): readonly string[] {
    return [...this.last];
  }

  /** Sends what is left, and closes the file. */
  async close(): Promise<void> {
    await Promise.all([...this.senders.values()].map((sender) => sender.close()));
    await new Promise((done) => this.file.end(done));
  }
}

/** Makes the folder of a service's logs, and removes the oldest files in it. */
export function logFolder(folder: string, service: string): string {
  const path = join(folder, service);
  mkdirSync(path, { recursive: true });
  const files = readdirSync(path).filter((name) => name.endsWith(".log"));
  const byAge = files
    .map((name) => ({ name, age: statSync(join(path, name), { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((left, right) => right.age - left.age);
  for (const { name } of byAge.slice(KEPT_FILES)) rmSync(join(path, name), { force: true });
  return path;
}

/** Sends lines in batches. What cannot be sent is told once, and is in the file. */
class LogSender {
  private waiting: { timestamp: number; message: string }[] = [];
  private readonly timer: NodeJS.Timeout;
  private sending: Promise<void> = Promise.resolve();
  private made = false;
  private failed = false;

  constructor(
    private readonly stream: LogStream,
    private readonly onFailure: (message: string) => void,
  ) {
    this.timer = setInterval(() => this.flush(), BATCH_MILLISECONDS);
  }

  add(message: string): void {
    // CloudWatch Logs takes no empty event.
    if (message !== "") this.waiting.push({ timestamp: Date.now(), message });
    if (this.waiting.length > WAITING_LINES) this.waiting.splice(0, this.waiting.length - WAITING_LINES);
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    this.flush();
    await this.sending;
    this.stream.client.destroy();
  }

  private flush(): void {
    this.sending = this.sending.then(() => this.sendAll());
  }

  private async sendAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.slice(0, batchLength(this.waiting));
      try {
        await this.put(batch);
      } catch (error) {
        if (!this.failed) this.onFailure(`logs of ${this.stream.group}: ${(error as Error).message}`);
        this.failed = true;
        return;
      }
      this.failed = false;
      this.waiting.splice(0, batch.length);
    }
  }

  private async put(logEvents: { timestamp: number; message: string }[]): Promise<void> {
    const { client, group: logGroupName, stream: logStreamName } = this.stream;
    if (!this.made) {
      await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName })).catch((error) => {
        if (!(error instanceof ResourceAlreadyExistsException)) throw error;
      });
      this.made = true;
    }
    await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
  }
}

function batchLength(events: readonly { readonly message: string }[]): number {
  let bytes = 0;
  for (const [index, { message }] of events.slice(0, BATCH.events).entries()) {
    bytes += Buffer.byteLength(message) + 26;
    if (bytes > BATCH.bytes) return Math.max(1, index);
  }
  return Math.min(events.length, BATCH.events);
}
