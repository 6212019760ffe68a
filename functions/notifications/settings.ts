/**
 * Reads a number of days of an environment variable.
 *
 * @throws Error naming the variable
 */
export function readDays(name: string, text: string): number {
  const days = Number(text);
  if (/^[1-9]\d{0,3}$/.test(text)) return days;
  throw new Error(`environment: ${name} must be a whole number of days from 1 to 9999, got "${text}"`);
}
