import type { Image } from "./plan";

/**
 * What became of an image: pushed now; there already; without a repository, as the environment does not deploy it; or, where nothing
 * was asked or done, planned.
 */
export interface ImageResult {
  readonly image: Image;
  readonly status: "planned" | "pushed" | "exists" | "absent" | "noRepository";
}

/** What the command has done, or would do: printed as it is with `--json`. */
export interface Result {
  /** As given, e.g. `envs/prod`. */
  readonly environment: string;
  readonly dryRun: boolean;
  readonly platform: string;
  readonly images: readonly {
    readonly service: string;
    readonly reference: string;
    readonly folder: string;
    readonly status: ImageResult["status"];
  }[];
}

/** Puts together what was planned and done. */
export function resultOf(
  results: readonly ImageResult[],
  said: Pick<Result, "environment" | "dryRun" | "platform">,
): Result {
  return {
    ...said,
    images: results.map(({ image, status }) => ({
      service: image.service,
      reference: image.reference,
      folder: image.folder,
      status,
    })),
  };
}

const WORDS: Readonly<Record<ImageResult["status"], string>> = {
  planned: "would be pushed unless it is there",
  pushed: "pushed",
  exists: "is there already",
  absent: "is not there",
  noRepository: "has no repository: the environment does not deploy it, or scripts/bootstrap comes first",
};

/** The result for a reader. */
export function describeResult({ environment, images }: Result): string {
  if (images.length === 0) return `${environment}: there are no services.`;
  return images.map(({ reference, status }) => `${reference} ${WORDS[status]}`).join("\n");
}
