/**
 * Sums up the times and sizes of files.
 *
 * @param root folder that the files are named from
 * @param files paths from `root`, in an order that matters
 * @returns SHA-256, hexadecimal
 * @throws Error of the file system when a file is missing
 */
export function stampOf(root: string, files: readonly string[]): string;
