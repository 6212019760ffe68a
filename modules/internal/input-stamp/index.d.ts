/**
 * Sums up the times and sizes of files.
 *
 * @param root folder that the files are named from
 * @param files paths from `root`, in an order that matters
 * @returns SHA-256, hexadecimal
 * @throws Error of the file system when a file is missing
 */
export function stampOf(root: string, files: readonly string[]): string;

/**
 * The same for files that a build has just read: nothing when one of them was written since the build began, as the build may have
 * read what it held before.
 *
 * @param time when the build began, in milliseconds since 1970
 */
export function stampBefore(root: string, files: readonly string[], time: number): string | undefined;
