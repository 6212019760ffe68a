import type { AttributeChange } from "./attributes";
import type { References } from "./references";
import type { Acknowledgement } from "./stack";
import type { Values } from "./values";

/** What happens to a resource. */
export type Action = "create" | "update" | "replace" | "delete" | "forget" | "move" | "import" | "read";

/** A plan of one environment. Nothing in it is secret: what is sensitive is hidden from the start. */
export interface Plan {
  /** e.g. `envs/prod`. */
  readonly environment: string;
  /** What changes, in the order of addresses. */
  readonly changes: readonly PlannedChange[];
  readonly outputs: readonly OutputChange[];
  /** What was changed past Terraform since the last deployment, and is set back by this plan or made again. */
  readonly drift: readonly PlannedChange[];
  /** What the specification says may be lost. */
  readonly acknowledged: readonly Acknowledgement[];
  /** What references of the stack stand for. */
  readonly references: References;
}

/** What a plan does to one resource. */
export interface PlannedChange {
  /** Terraform's, e.g. `aws_dynamodb_table.todo-table_9650A148`. */
  readonly address: string;
  /** Address in the state: the resource is moved from there. */
  readonly previousAddress?: string;
  /** e.g. `aws_dynamodb_table`. */
  readonly type: string;
  /** Construct path below the stack, e.g. `todo-table/table`; of what the stack has no longer: its address. */
  readonly path: string;
  /** First segment of the path; of what the stack has no longer as its name says, else `removed`. */
  readonly module: string;
  readonly action: Action;
  /** Its loss loses what envs/stateful-resource-types.json names. */
  readonly stateful: boolean;
  /** What its loss loses, e.g. `items`. Only where it is stateful. */
  readonly holds?: string;
  /** Attributes that force its replacement, e.g. `hash_key`. */
  readonly replacedBy: readonly string[];
  /** Why, where no attribute says it, e.g. `it is marked as tainted`. */
  readonly reason?: string;
  readonly attributes: readonly AttributeChange[];
  /** The whole resource before; null when there is none. */
  readonly before: Values | null;
  /** The whole resource after; null when there is none. */
  readonly after: Values | null;
}

/** How an output of the stack changes. */
export interface OutputChange {
  readonly name: string;
  readonly action: "create" | "update" | "delete";
  /** As plain JSON. Absent when there was none. */
  readonly before?: unknown;
  readonly after?: unknown;
  readonly sensitive: boolean;
  readonly unknown: boolean;
}
