import type { TerraformResource, TerraformStack } from "cdktf";
import attributes from "./deletion-protection.json";
import { didYouMean } from "./near";
import { LOST_WITH, type ProtectedResources, type StatefulResources } from "./protected";
import { addressAt, resourcesOf } from "./resources";
import type { EnvironmentSpec } from "./spec";
import type { Violation } from "./violation";

/** Attributes by which AWS, or the provider, refuses to delete, and the values that let it. */
const DELETION_PROTECTION: Readonly<Record<string, { attribute: string; lifted: unknown }>> = attributes;

/** A stack of an environment. */
export interface Place {
  readonly stack: TerraformStack;
  /** What a specification writes before paths of the stack: nothing, or `bootstrap/`. */
  readonly prefix: string;
  /** Addresses from which `moved` blocks of the stack lead. */
  readonly movedFrom: ReadonlySet<string>;
}

/**
 * Protects every stateful resource of an environment that has `deletionProtection`, whatever its module has thought of: Terraform refuses to
 * destroy or replace it. Of what the specification acknowledges, protection is lifted: Terraform's and AWS's.
 *
 * @param list the committed list, or nothing for a new environment
 * @returns acknowledgements of what there is not, and resources of the list that are gone from the stacks
 */
export function protect(
  spec: EnvironmentSpec,
  places: readonly Place[],
  list: ProtectedResources | undefined,
): Violation[] {
  if (!spec.deletionProtection) return [];
  const acknowledged = new Set(spec.acknowledged.map(({ path }) => path));
  const present: Record<string, string> = {};
  for (const { stack, prefix } of places) {
    for (const { path, type, resource } of resourcesOf(stack)) {
      if (!(type in LOST_WITH)) continue;
      present[`${prefix}${path}`] = type;
      const lifted = acknowledged.has(`${prefix}${path}`);
      resource.lifecycle = { ...resource.lifecycle, preventDestroy: !lifted };
      if (lifted) liftDeletionProtection(resource);
    }
    tellScripts(stack, prefix, spec);
  }
  return [...unknownAcknowledgements(spec, present, list), ...gone(spec, places, present, list?.held ?? {})];
}

function liftDeletionProtection(resource: TerraformResource): void {
  const protection = DELETION_PROTECTION[resource.terraformResourceType];
  if (protection) resource.addOverride(protection.attribute, protection.lifted);
}

/** Scripts know no specification: what is acknowledged is in the stack, under a key that Terraform ignores. Absent where nothing is held. */
function tellScripts(stack: TerraformStack, prefix: string, { acknowledged }: EnvironmentSpec): void {
  const here = acknowledged.filter(({ path }) => path.startsWith("bootstrap/") === (prefix !== ""));
  stack.addOverride(
    "//.acknowledged",
    here.map((it) => ({ ...it, path: it.path.slice(prefix.length) })),
  );
}

function unknownAcknowledgements(
  { name, acknowledged }: EnvironmentSpec,
  present: StatefulResources,
  list: ProtectedResources | undefined,
): Violation[] {
  const before = { ...list?.held, ...list?.released };
  return acknowledged.flatMap(({ path, action }, index) => {
    if (path in present) return [];
    const at = { environment: name, path: `acknowledged.${index}` };
    if (!(path in before)) {
      const known = didYouMean(path, Object.keys({ ...before, ...present }));
      return [
        {
          ...at,
          path: `${at.path}.path`,
          message: `must be that of a protected resource, got "${path}"${known}`,
        },
      ];
    }
    if (action === "destroy") return [];
    const message = `must be "destroy", as ${path} is gone from the stack, got "${action}"`;
    return [{ ...at, path: `${at.path}.action`, message }];
  });
}

function gone(
  { name, acknowledged }: EnvironmentSpec,
  places: readonly Place[],
  present: StatefulResources,
  held: StatefulResources,
): Violation[] {
  const paths = new Set(acknowledged.map(({ path }) => path));
  const isMoved = (path: string, type: string) =>
    places.some(
      ({ stack, prefix, movedFrom }) =>
        path.startsWith(prefix) && movedFrom.has(addressAt(stack, type, path.slice(prefix.length))),
    );
  return Object.entries(held)
    .filter(([, type]) => type in LOST_WITH)
    .filter(([path, type]) => present[path] !== type && !paths.has(path) && !isMoved(path, type))
    .map(([path, type]) => ({
      environment: name,
      path,
      message:
        `is gone from the stack, an ${type}: a deployment would destroy it, and its ${LOST_WITH[type]}. ` +
        "If it has another name now: scripts/moved --write. " +
        `If it shall go: { path: "${path}", action: "destroy", reason: "…" } in acknowledged of envs/${name}.ts. Else put it back`,
    }));
}
