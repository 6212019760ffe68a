import type { Action, Plan, PlannedChange } from "../plan";
import type {
  AccessChange,
  ChangeReport,
  CostChange,
  Counts,
  EnvironmentReport,
  FunctionChange,
  ModuleReport,
  PlanError,
  Warning,
} from "./report";

/** What else than resources a report tells. */
export interface Findings {
  readonly iam: readonly AccessChange[];
  readonly network: readonly AccessChange[];
  readonly functions: readonly FunctionChange[];
  readonly cost: CostChange | null;
}

/** Actions in the order in which they are shown: what loses something first. */
export const ACTIONS: readonly Action[] = [
  "delete",
  "replace",
  "update",
  "create",
  "import",
  "move",
  "forget",
  "read",
];

/** The report of a plan. */
export function reportOf(plan: Plan, findings: Findings): EnvironmentReport {
  const changed = plan.changes.some(({ action }) => action !== "read") || plan.outputs.length > 0;
  return {
    environment: plan.environment,
    status: changed ? "changes" : "no-change",
    counts: countsOf(plan.changes),
    warnings: plan.changes.flatMap((change) => warningsOf(change, plan)),
    modules: modulesOf(plan.changes),
    ...findings,
    outputs: plan.outputs,
    drift: plan.drift.map(changeOf),
  };
}

/** The report of an environment that could not be planned. */
export function failedReport(environment: string, error: PlanError): EnvironmentReport {
  return {
    environment,
    status: "error",
    counts: countsOf([]),
    warnings: [],
    modules: [],
    iam: [],
    network: [],
    functions: [],
    cost: null,
    outputs: [],
    drift: [],
    error,
  };
}

function countsOf(changes: readonly { readonly action: Action }[]): Counts {
  const counts = Object.fromEntries(ACTIONS.map((action) => [action, 0])) as Record<Action, number>;
  for (const { action } of changes) counts[action]++;
  return counts;
}

function warningsOf(change: PlannedChange, { acknowledged }: Plan): Warning[] {
  const { address, path, type, holds, replacedBy, reason } = change;
  if (holds === undefined || (change.action !== "replace" && change.action !== "delete")) return [];
  const action = change.action === "replace" ? "replace" : "destroy";
  const permission = acknowledged.find((each) => each.path === path && each.action === action);
  return [
    {
      address,
      path,
      type,
      action,
      loses: holds,
      replacedBy,
      ...(reason !== undefined && { reason }),
      acknowledged: permission !== undefined,
      ...(permission !== undefined && { acknowledgedBecause: permission.reason }),
    },
  ];
}

function modulesOf(changes: readonly PlannedChange[]): ModuleReport[] {
  const byModule = new Map<string, PlannedChange[]>();
  for (const change of changes) {
    const list = byModule.get(change.module);
    if (list) list.push(change);
    else byModule.set(change.module, [change]);
  }
  return [...byModule]
    .map(([module, list]) => ({
      module,
      counts: countsOf(list),
      changes: list.toSorted(byImportance).map(changeOf),
    }))
    .sort((left, right) => rankOfModule(left) - rankOfModule(right) || compare(left.module, right.module));
}

function byImportance(left: PlannedChange, right: PlannedChange): number {
  return (
    ACTIONS.indexOf(left.action) - ACTIONS.indexOf(right.action) ||
    Number(right.stateful) - Number(left.stateful) ||
    compare(left.path, right.path)
  );
}

/** What loses data first, then what is replaced or destroyed, then by what happens most gravely. */
function rankOfModule({ counts, changes }: ModuleReport): number {
  if (changes.some(({ action, stateful }) => stateful && (action === "delete" || action === "replace")))
    return 0;
  const first = ACTIONS.findIndex((action) => counts[action] > 0);
  return Math.max(ACTIONS.indexOf("replace"), first);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

function changeOf(change: PlannedChange): ChangeReport {
  const { address, previousAddress, path, type, action, stateful, replacedBy, reason, attributes } = change;
  return {
    address,
    ...(previousAddress !== undefined && { previousAddress }),
    path,
    type,
    action,
    stateful,
    replacedBy,
    ...(reason !== undefined && { reason }),
    attributes,
  };
}
