/**
 * Reads an amount of an environment variable.
 *
 * @throws Error naming the variable
 */
export function readCents(name: string, text: string): number {
  const cents = Number(text);
  if (/^\d{1,15}$/.test(text) && Number.isSafeInteger(cents)) return cents;
  throw new Error(`environment: ${name} must be a whole number of cents, got "${text}"`);
}
