import ipaddr from "ipaddr.js";
import { CommandError } from "../../internal/cli";

/**
 * A range of a VPC that no other has, as large as one that there is, within 10.0.0.0/8: `10.50.0.0/16` where tens are taken up to 40.
 *
 * @param like range as large as the one wanted, e.g. `10.10.0.0/16`
 * @param taken ranges that must not overlap it
 * @throws CommandError when there is none left
 */
export function freeRange(like: string, taken: readonly string[]): string {
  const bits = like.split("/")[1];
  const others = taken.map((range) => ipaddr.IPv4.parseCIDR(range));
  const free = (second: number) => {
    const address = ipaddr.IPv4.parse(`10.${second}.0.0`);
    return others.every(([other, otherBits]) => !address.match(other, Math.min(otherBits, Number(bits))));
  };
  const numbers = Array.from({ length: 256 }, (_, number) => number);
  // Tens first: so the next environments have room beside it.
  const second = [...numbers.filter((n) => n % 10 === 0 && n > 0), ...numbers].find(free);
  if (second !== undefined) return `10.${second}.0.0/${bits}`;
  throw new CommandError("network.cidr", "no range in 10.0.0.0/8 is free", "set one by hand");
}
