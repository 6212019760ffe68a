import type { Charge } from "../item";

/** Hours of a month, as AWS's pages count them. */
export const HOURS = 730;

/** Seconds of a month of so many hours. */
export const SECONDS = HOURS * 3600;

/** Kilobytes of a GB, as prices count it. */
export const KILOBYTES_PER_GIGABYTE = 2 ** 20;

/** A charge for what is there, whatever the traffic. */
export function fixed(what: string, service: string, item: string, quantity: number): Charge {
  return { what, basis: "fixed", service, item, quantity };
}

/** A charge by traffic. */
export function usage(what: string, service: string, item: string, quantity: number): Charge {
  return { what, basis: "usage", service, item, quantity };
}
