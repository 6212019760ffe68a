/** A number of things in words. @param thing one of them, e.g. `message` @returns e.g. `1 message`, `2 messages` */
export function counted(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}
