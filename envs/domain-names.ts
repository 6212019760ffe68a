import type { EnvironmentSpec } from "./spec";

/** Domains that one environment alone can have, by their place in the specification. */
export const DOMAINS: Readonly<
  Record<string, (spec: EnvironmentSpec) => { readonly name: string } | undefined>
> = {
  "todo.api.domain": ({ todo }) => todo?.api.domain,
  "todo.auth.domain": ({ todo }) => todo?.auth.domain,
  "microservices.auth.domain": ({ microservices }) => microservices?.auth?.domain,
  "microservices.domain": ({ microservices }) => microservices?.domain,
  "downloads.domain": ({ downloads }) => downloads?.domain,
  "downloads.service.domain": ({ downloads }) => downloads?.service?.domain,
};

/** Names of the environment, each once: it writes records for them and below. */
export function domainNames(spec: EnvironmentSpec): string[] {
  const names = Object.values(DOMAINS).flatMap((domainOf) => domainOf(spec)?.name ?? []);
  return [...new Set(names)].sort();
}
