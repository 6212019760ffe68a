/** What a deployed function takes: the steps of the workflows, or what people ask about approvals. */
export type Takes = "steps" | "approvals";

/**
 * Reads what the function takes.
 *
 * @throws Error naming the variable
 */
export function readTakes(text: string): Takes {
  if (text === "steps" || text === "approvals") return text;
  throw new Error(`environment: TAKES must be steps or approvals, got "${text}"`);
}

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
