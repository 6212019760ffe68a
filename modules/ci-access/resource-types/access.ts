/** What Terraform does to one kind of thing when it refreshes, makes, changes or removes a resource. */
export interface Access {
  /**
   * ARNs, or `*` where AWS knows no narrower one. `{prefix}` stands for `<project>-<environment>`, `{prefix20}` for as much of it as
   * a name of 20 characters keeps, `{sqlPrefix}` for its form with underscores, `{account}` for the account.
   */
  readonly on: readonly string[];
  /**
   * Limits the actions to what carries the environment's tags: `resource`, as it is; `request`, as it is to be made; `others`, whatever
   * carries no other environment's; `new`, what is to carry them and carries no other environment's: to tag by `request` alone would make
   * another's resource its own. @default the ARNs alone
   */
  readonly tags?: "resource" | "request" | "others" | "new";
  /** Actions of a refresh: they change nothing, and show settings rather than data. @default none */
  readonly read?: readonly string[];
  /** Actions that make, change and remove. @default none */
  readonly manage?: readonly string[];
}

/** What Terraform needs for each type of resource or data source, e.g. `aws_sqs_queue`, `data.aws_lb`. */
export type AccessTable = Readonly<Record<string, readonly Access[]>>;

/** Where AWS knows no resource for an action, or lists all of them. */
export const ANYWHERE = ["*"];
