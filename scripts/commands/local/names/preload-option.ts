import { join } from "node:path";

/** Module that stands for the VPC's DNS. */
export const PRELOAD = join(__dirname, "preload.cjs");

/** An option with a value in the form of NODE_OPTIONS, in which a backslash quotes within double quotes. */
export function nodeOption(option: string, value: string): string {
  return `${option}="${value.replaceAll(/["\\]/g, "\\$&")}"`;
}
