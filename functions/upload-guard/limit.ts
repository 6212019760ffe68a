/**
 * Reads `MAX_OBJECT_BYTES`.
 *
 * @throws Error naming the variable unless it is a whole number of at least 1
 */
export function readByteLimit(text: string): number {
  const bytes = Number(text);
  if (!Number.isSafeInteger(bytes) || bytes < 1) {
    throw new Error(`environment: MAX_OBJECT_BYTES must be a whole number of at least 1, got "${text}"`);
  }
  return bytes;
}
