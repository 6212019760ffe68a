import { setMaxListeners } from "node:events";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { describeError, withDeadline } from "../../runtime";
import type { Observability } from "../internal";
import type { CatalogWriter } from "./catalog-writer";
import { type DroppedFile, readDroppedFiles } from "./dropped-files";
import { ErrorFile } from "./error-file";
import type { FileStore } from "./file-store";
import { type ImportCounts, importFile } from "./import-file";

/** Where files are put, and where the results of them are: part of the contract with the bucket. */
export const PREFIXES = { incoming: "incoming/", results: "results/" } as const;

/** Kept before the function's own timeout, to answer in. */
const MARGIN_MILLISECONDS = 5000;

/** What the handler works with. */
export interface ImportHandlerConfig {
  readonly files: FileStore;
  readonly writer: CatalogWriter;
  readonly observability: Observability;
  /** Milliseconds since 1970. @default the system's */
  readonly now?: () => number;
}

/** What is written to `results/<file>/<version>/summary.json`, once all is done. */
export interface ImportSummary extends ImportCounts {
  /** Key of the file. */
  readonly file: string;
  readonly versionId: string;
  /** `imported`, also when rows failed; `refused` when the file, or what is left of it, could not be read. */
  readonly outcome: "imported" | "refused";
  /** Why it was refused. */
  readonly reason?: string;
  /** Key of the errors, one for each thing that is wrong with a row; nothing where there are none. */
  readonly errors?: string;
  /** How many errors are there. Beside `errors`. */
  readonly errorsWritten?: number;
  /** There are more, which are left out. */
  readonly errorsTruncated?: true;
  /** ISO 8601. */
  readonly putAt: string;
  readonly finishedAt: string;
}

/**
 * Handles messages of a queue that S3 tells of files. A message that fails comes again; a version of a file whose summary is there is done.
 */
export function importHandler(config: ImportHandlerConfig) {
  return async ({ Records }: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const { logger, count, publishMetrics, tracing } = config.observability;
    logger.addContext(context);
    const failed: string[] = [];
    for (const { messageId, body } of Records) {
      try {
        const milliseconds = Math.max(0, context.getRemainingTimeInMillis() - MARGIN_MILLISECONDS);
        await withDeadline(milliseconds, async (signal) => {
          // Every call under way listens to it.
          setMaxListeners(0, signal);
          for (const file of readDroppedFiles(body)) await importDropped(file, config, signal);
        });
      } catch (error) {
        failed.push(messageId);
        count("ImportFailed");
        logger.error("import failed", { messageId, cause: describeError(error) });
      }
    }
    publishMetrics();
    await tracing.flush();
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

async function importDropped(
  file: DroppedFile,
  { files, writer, observability, now = Date.now }: ImportHandlerConfig,
  signal: AbortSignal,
): Promise<void> {
  const { bucket, key, versionId, putAt } = file;
  const { logger, count, measure } = observability;
  const folder = `${PREFIXES.results}${key.slice(PREFIXES.incoming.length)}/${versionId}`;
  const summaryKey = `${folder}/summary.json`;
  if (await files.exists(bucket, summaryKey, signal)) {
    logger.info("import", { outcome: "repeated", versionId });
    return;
  }
  const startedAt = performance.now();
  const errors = await ErrorFile.open();
  try {
    const bytes = await files.read(file, signal);
    const { counts, refused } = await importFile(bytes, {
      ...{ writer, putAt, signal },
      report: (error) => errors.add(error),
    });
    const errorsKey = `${folder}/errors.csv`;
    if (errors.written > 0) await files.putFile(bucket, errorsKey, await errors.end(), signal);
    const outcome = refused === undefined ? "imported" : "refused";
    const summary: ImportSummary = {
      ...{ file: key, versionId, outcome },
      ...(refused !== undefined && { reason: refused }),
      ...counts,
      ...(errors.written > 0 && { errors: errorsKey, errorsWritten: errors.written }),
      ...(errors.truncated && { errorsTruncated: true }),
      ...{ putAt, finishedAt: new Date(now()).toISOString() },
    };
    await files.putText(bucket, summaryKey, `${JSON.stringify(summary, undefined, 2)}\n`, signal);
    count(outcome === "imported" ? "FileImported" : "FileRefused");
    const milliseconds = Math.round(performance.now() - startedAt);
    measure("ImportTime", milliseconds);
    // Not the key, nor why a row failed: that is whoever's who put the file.
    logger.info("import", { outcome, versionId, ...counts, bytes: file.bytes, milliseconds });
  } finally {
    await errors.remove();
  }
}
