import type { PolicyStatement } from "../internal/iam";
import type { Label } from "../internal/label";
import { type Access, RESOURCE_TYPES } from "./resource-types";

/** What a role does to the environment's resources: looks at them, or makes, changes and removes them as well. */
export type Purpose = "read" | "manage";

/**
 * Statements for all types of resources, as few as say the same: one for each set of resources and condition.
 *
 * @param sidPrefix start of each statement's sid
 */
export function resourceStatements(label: Label, purpose: Purpose, sidPrefix: string): PolicyStatement[] {
  const actionsByPlace = new Map<string, Set<string>>();
  for (const access of Object.values(RESOURCE_TYPES).flat()) {
    const actions = [...(access.read ?? []), ...((purpose === "manage" && access.manage) || [])];
    if (actions.length === 0) continue;
    const place = JSON.stringify([[...access.on].sort(), access.tags ?? null]);
    const known = actionsByPlace.get(place) ?? new Set();
    actionsByPlace.set(place, known);
    for (const action of actions) known.add(action);
  }
  return numbered(
    sidPrefix,
    [...actionsByPlace].map(([place, actions]) => {
      const [on, tags] = JSON.parse(place) as [string[], Access["tags"] | null];
      return {
        actions: [...actions].sort(),
        resources: on.map((arn) => ofEnvironment(label, arn)),
        ...(tags && { conditions: tagCondition(label, tags) }),
      };
    }),
  );
}

/** An ARN with its placeholders filled in. */
export function ofEnvironment(label: Label, arn: string): string {
  return arn
    .replaceAll("{account}", label.accountId)
    .replaceAll("{sqlPrefix}", label.prefix.replaceAll("-", "_"))
    .replaceAll("{prefix}", label.prefix)
    .replace(/\{prefix(\d+)\}/g, (_all, length) => label.beginning(Number(length)));
}

/** That something carries the environment's tags, is to carry them, carries no other's, or both of the last. */
export function tagCondition(
  label: Label,
  tags: NonNullable<Access["tags"]>,
): NonNullable<PolicyStatement["conditions"]> {
  const { project, environment } = label;
  const ours = (key: string) => ({ [`${key}/project`]: project, [`${key}/environment`]: environment });
  const asked = { StringEquals: ours("aws:RequestTag") };
  const noOthers = { StringEqualsIfExists: ours("aws:ResourceTag") };
  return {
    resource: { StringEquals: ours("aws:ResourceTag") },
    request: asked,
    others: noOthers,
    new: { ...asked, ...noOthers },
  }[tags];
}

function numbered(sidPrefix: string, statements: readonly Omit<PolicyStatement, "sid">[]): PolicyStatement[] {
  const seen = new Map<string, number>();
  return statements.map((statement) => {
    const services = [...new Set(statement.actions.map((action) => action.split(":")[0] as string))];
    const name = services.length === 1 ? (services[0] as string) : "several";
    const words = name.split("-").map((word) => word.charAt(0).toUpperCase() + word.slice(1));
    const sid = `${sidPrefix}${words.join("")}`;
    const count = (seen.get(sid) ?? 0) + 1;
    seen.set(sid, count);
    return { sid: `${sid}${count}`, ...statement };
  });
}
