/**
 * The environments: what differs between them, as plain data, and how a stack is composed from it.
 *
 * @module
 */
import { dev } from "./dev";
import { local } from "./local";
import { prod } from "./prod";
import type { EnvironmentInput } from "./spec";
import { staging } from "./staging";

export { loadEnvironments, RefusedChange, SpecificationError } from "./load";
export type { EnvironmentInput } from "./spec";

/** Every environment by the name of its file. A new environment is one file and one word here. */
export const environments: Readonly<Record<string, EnvironmentInput>> = { local, dev, staging, prod };
