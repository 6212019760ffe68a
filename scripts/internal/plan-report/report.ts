import type { Action, AttributeChange, OutputChange } from "../plan";

/** What `scripts/diff --format json` prints. Nothing in it is secret. */
export interface DiffReport {
  /** Version of this format. A field more does not raise it. */
  readonly version: 1;
  /** In the order in which they were asked for. */
  readonly environments: readonly EnvironmentReport[];
}

/** The plan of one environment. */
export interface EnvironmentReport {
  /** e.g. `envs/prod`. */
  readonly environment: string;
  /** `error`: it could not be planned; all lists are empty then. */
  readonly status: "no-change" | "changes" | "error";
  /** How many resources of each action. */
  readonly counts: Counts;
  /** Resources that hold what cannot be made again, and are replaced or destroyed. */
  readonly warnings: readonly Warning[];
  /** Modules with changes: those that lose something first. */
  readonly modules: readonly ModuleReport[];
  /** Who may do more, or less, than before. */
  readonly iam: readonly AccessChange[];
  /** What may reach what, more or less than before. */
  readonly network: readonly AccessChange[];
  /** Functions whose code changes. */
  readonly functions: readonly FunctionChange[];
  /** What a month costs; null where it is not known. */
  readonly cost: CostChange | null;
  readonly outputs: readonly OutputChange[];
  /** What was changed past Terraform since the last deployment. */
  readonly drift: readonly ChangeReport[];
  readonly error?: PlanError;
}

export type Counts = Readonly<Record<Action, number>>;

/** A resource whose loss loses data. */
export interface Warning {
  readonly address: string;
  /** e.g. `todo-table/table`. */
  readonly path: string;
  readonly type: string;
  readonly action: "replace" | "destroy";
  /** What is lost, e.g. `items`. */
  readonly loses: string;
  /** Attributes that force it, e.g. `hash_key`. None when it is destroyed, or replaced for `reason`. */
  readonly replacedBy: readonly string[];
  /** Why, where no attribute forces it. */
  readonly reason?: string;
  /** The specification names it as one that may be lost. */
  readonly acknowledged: boolean;
  /** The specification's reason. */
  readonly acknowledgedBecause?: string;
}

/** The changes of one module. */
export interface ModuleReport {
  /** First segment of its resources' paths, e.g. `todo-table`. */
  readonly module: string;
  readonly counts: Counts;
  /** Destroyed and replaced first. */
  readonly changes: readonly ChangeReport[];
}

/** The change of one resource. */
export interface ChangeReport {
  readonly address: string;
  /** Address in the state, when it is moved. */
  readonly previousAddress?: string;
  readonly path: string;
  readonly type: string;
  readonly action: Action;
  readonly stateful: boolean;
  readonly replacedBy: readonly string[];
  readonly reason?: string;
  readonly attributes: readonly AttributeChange[];
}

/** One thing that someone or something may do from then on, or no longer. */
export interface AccessChange {
  /** `widened`: more is possible than before. `narrowed`: less. */
  readonly kind: "widened" | "narrowed";
  /** Path of the resource that says so. */
  readonly path: string;
  /** A sentence without full stop, in which names are in backticks, e.g. `` `acme-prod-todos` may now `dynamodb:Scan` on `arn:…` ``. */
  readonly text: string;
  /** Everybody may: any principal, any address of the internet. */
  readonly everybody: boolean;
}

/** A function whose code changes. */
export interface FunctionChange {
  /** Its name in AWS. */
  readonly name: string;
  readonly path: string;
  /** Size of its zip. null when it is new, or not known. */
  readonly beforeBytes: number | null;
  /** null when it is destroyed, or not known. */
  readonly afterBytes: number | null;
}

/** What a month costs, in US dollars, by the prices of scripts/cost. */
export interface CostChange {
  readonly before: number;
  readonly after: number;
  /** Types of resources that come or go and are not in the sums, or not with all that they cost. */
  readonly unpriced: readonly string[];
}

/** Why an environment could not be planned. */
export interface PlanError {
  /** One line, e.g. `Error acquiring the state lock`. */
  readonly summary: string;
  /** All that was said, without colours. May be empty. */
  readonly detail: string;
}
