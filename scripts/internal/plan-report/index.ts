/**
 * What a plan means to its reviewer: the report that `scripts/diff` makes of plans, as JSON, Markdown and text.
 *
 * The report is JSON of the type {@link DiffReport}:
 *
 * ```json
 * { "version": 1, "environments": [{
 *   "environment": "envs/prod", "status": "changes",
 *   "counts": { "create": 0, "update": 1, "replace": 1, "delete": 0, "move": 0, "forget": 0, "import": 0, "read": 0 },
 *   "warnings": [{ "path": "todo-table/table", "type": "aws_dynamodb_table", "action": "replace", "loses": "items",
 *                  "replacedBy": ["hash_key"], "acknowledged": false, "address": "aws_dynamodb_table.todo-table_9650A148" }],
 *   "modules": [{ "module": "todo-table", "counts": { … }, "changes": [{ "path": …, "action": …, "attributes": [
 *                  { "path": "hash_key", "before": "owner", "after": "user", "sensitive": false, "unknown": false }] }] }],
 *   "iam": [{ "kind": "widened", "path": …, "text": "`acme-prod-todos` may now `dynamodb:Scan` on `arn:…`", "everybody": false }],
 *   "network": [ … the same ], "functions": [{ "name": …, "path": …, "beforeBytes": 112345, "afterBytes": 113748 }],
 *   "cost": { "before": 812.5, "after": 830.1, "unpriced": [] }, "outputs": [ … ], "drift": [ … as "changes" ],
 *   "error": { "summary": "Error acquiring the state lock", "detail": "…" } }] }
 * ```
 *
 * `cost` is null where it is not known; `error` is there when `status` is `error`, and all lists are empty then.
 *
 * @module
 */

export { failedReport } from "./build";
export { environmentReport, type PlanSource } from "./environment";
export { describeTitle } from "./lines";
export { renderMarkdown } from "./markdown";
export type * from "./report";
export { renderText } from "./text";
