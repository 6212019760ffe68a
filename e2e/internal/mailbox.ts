import { endpoints } from "./environment";

/** A mail as the emulator keeps it; it delivers none. */
interface Mail {
  readonly To: readonly string[];
  readonly BodyText: string;
}

/**
 * The six-digit code of the last mail that Cognito has sent to an address.
 *
 * @throws Error when there is no such mail
 */
export async function mailedCode(email: string): Promise<string> {
  const response = await fetch(`${endpoints().endpoint}/_ministack/ses/messages`);
  const { messages } = (await response.json()) as { messages: Readonly<Record<string, readonly Mail[]>> };
  const mail = Object.values(messages)
    .flat()
    .findLast(({ To }) => To.includes(email));
  const code = /\b\d{6}\b/.exec(mail?.BodyText ?? "")?.[0];
  if (code === undefined) throw new Error(`${email}: no mail with a code was sent there`);
  return code;
}
