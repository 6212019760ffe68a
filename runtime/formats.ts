/** RFC 3339, section 5.6. */
const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(?:\.\d{1,9})?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A moment as RFC 3339 writes it, on a day that exists. A leap second only where one can be: at 23:59:60 UTC. */
export function isDateTime(text: string): boolean {
  const match = DATE_TIME.exec(text);
  if (!match) return false;
  const [year, month, day] = match.slice(1, 4).map(Number) as [number, number, number];
  const date = new Date(0);
  // Not Date.UTC: it takes the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return false;
  if (match[6] !== "60") return true;
  const minuteBefore = new Date(text.toUpperCase().replace(":60", ":59"));
  return minuteBefore.getUTCHours() === 23 && minuteBefore.getUTCMinutes() === 59;
}

/** A UUID of any version, in letters of either case. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** Formats by their names in OpenAPI, for the generated validators. */
export const formats: Readonly<Record<string, (text: string) => boolean>> = {
  "date-time": isDateTime,
  uuid: isUuid,
};
