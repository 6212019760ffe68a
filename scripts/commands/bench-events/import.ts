import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { catalogFile } from "./catalog-file";
import type { ParsingEvent } from "./plain/parsing";
import type { Run, Throughput } from "./report";
import { ACCOUNT, type Surroundings } from "./surroundings";
import type { Invoked, Worker } from "./worker";

const BUCKET = "catalog-import";
/** Of a file that is read alone: fewer are read before the compiler has come to it. */
const READ_ROWS = 50_000;

/**
 * Measures how many rows the import writes, as it is deployed, from a file in the emulator's bucket to a stand-in of the table; in turn with
 * a bare loop that writes the same items to the same stand-in. Each run has a process of its own, so that its memory is that of one file.
 *
 * @param rows of the file; a tenth of it is imported as well, to compare the memory
 */
export async function measureImport(
  surroundings: Surroundings,
  { rounds, rows }: { readonly rounds: number; readonly rows: number },
): Promise<Throughput[]> {
  const endpoint = await surroundings.emulatorEndpoint();
  const table = await surroundings.tableEndpoint();
  const bucket = new Bucket(endpoint);
  surroundings.onEnd(() => bucket.close());
  await bucket.create();
  const variables = {
    ...{ AWS_ENDPOINT_URL: endpoint, AWS_ENDPOINT_URL_DYNAMODB: table, PRODUCTS_TABLE: "products" },
    POWERTOOLS_SERVICE_NAME: "catalog-import",
  };
  const write = async (): Promise<Run> => {
    const worker = await surroundings.startPlain("import", variables);
    return runOf(rows, await ended(worker, () => worker.invoke([{ rows }])));
  };
  const importRows = (count: number) => async (): Promise<Run> => {
    const { message, summaryKey } = await bucket.put(count);
    const worker = await surroundings.startFunction("catalog-import", variables);
    const event = { Records: [{ messageId: "1", body: message }] };
    const invoked = await ended(worker, () => worker.invoke([event]));
    await bucket.checkSummary(summaryKey, count);
    return runOf(count, invoked);
  };
  const work = "import a catalogue";
  const tenth = Math.ceil(rows / 10);
  const subjects = [
    { work, subject: `bare: write ${rows} items`, run: write },
    { work, subject: `import of ${rows} rows`, run: importRows(rows) },
    { work, subject: `import of ${tenth} rows`, run: importRows(tenth) },
  ].map((subject) => ({ ...subject, runs: [] as Run[] }));
  for (let round = 0; round < rounds; round++) {
    for (const { run, runs } of subjects) runs.push(await run());
  }
  return subjects;
}

/** Measures how many rows are read, with nothing written. @param rows of the file, unless they are few */
export async function measureParsing(
  surroundings: Surroundings,
  { rounds, ...file }: { readonly rounds: number; readonly rows: number },
): Promise<Throughput[]> {
  const rows = Math.max(file.rows, READ_ROWS);
  const work = "read a catalogue";
  const subjects = [
    { how: "csv", subject: "bare: csv-parse of the whole file" },
    { how: "records", subject: "rows one by one, whatever is wrong with others" },
    { how: "checked", subject: "rows, checked by the contract" },
  ] as const;
  const taken = subjects.map((subject) => ({ ...subject, runs: [] as Run[] }));
  const worker = await surroundings.startPlain("parsing");
  // The first round warms it up.
  for (let round = 0; round <= rounds; round++) {
    for (const { how, runs } of taken) {
      const { answers, milliseconds, cpuMicroseconds } = await worker.invoke([
        { rows, how } satisfies ParsingEvent,
      ]);
      if (answers[0] !== rows) throw new Error(`${how}: read ${answers[0]} of ${rows} rows`);
      if (round > 0) runs.push({ count: rows, milliseconds, cpuMicroseconds });
    }
  }
  await worker.end();
  return taken.map(({ subject, runs }) => ({ work, subject, runs }));
}

async function ended<T>(worker: Worker, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await worker.end();
  }
}

function runOf(count: number, { milliseconds, cpuMicroseconds, peakBytes }: Invoked): Run {
  return { count, milliseconds, cpuMicroseconds, peakBytes };
}

/** The bucket of files, in the emulator. */
class Bucket {
  private readonly client: S3Client;

  constructor(endpoint: string) {
    const credentials = {
      accessKeyId: ACCOUNT.AWS_ACCESS_KEY_ID,
      secretAccessKey: ACCOUNT.AWS_SECRET_ACCESS_KEY,
    };
    this.client = new S3Client({ endpoint, region: ACCOUNT.AWS_REGION, credentials, forcePathStyle: true });
  }

  async create(): Promise<void> {
    await this.client.send(new CreateBucketCommand({ Bucket: BUCKET }));
    const VersioningConfiguration = { Status: "Enabled" } as const;
    await this.client.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration }));
  }

  /** Puts a file of so many rows. @returns the message that S3 sends of it, and where the import's summary will be */
  async put(rows: number): Promise<{ readonly message: string; readonly summaryKey: string }> {
    const [name, Body] = [`${rows}.csv`, Buffer.concat([...catalogFile(rows)])];
    const key = `incoming/${name}`;
    const { VersionId } = await this.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body }));
    const object = { key, size: Body.length, versionId: VersionId };
    const record = { eventTime: new Date().toISOString(), s3: { bucket: { name: BUCKET }, object } };
    return {
      message: JSON.stringify({ Records: [record] }),
      summaryKey: `results/${name}/${VersionId}/summary.json`,
    };
  }

  /** @throws Error when not every row was added: an import that fails fast must not win */
  async checkSummary(Key: string, rows: number): Promise<void> {
    const { Body } = await this.client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    const { added } = JSON.parse((await Body?.transformToString()) ?? "{}") as { readonly added?: number };
    if (added !== rows) throw new Error(`the import added ${added} of ${rows} rows`);
  }

  close(): void {
    this.client.destroy();
  }
}
