/** A construct path or an address that has changed. */
export interface Move {
  /**
   * What it was: a construct path below the stack, e.g. `todo-table`, with all that is below it, or the address of one resource,
   * e.g. `aws_dynamodb_table.todo-table_table_53B1F0D2`.
   */
  readonly from: string;
  /** What it is now, in the same ways. */
  readonly to: string;
}
