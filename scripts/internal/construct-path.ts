/**
 * Path of a construct below its stack.
 *
 * @param path as cdktf writes it into a stack's metadata, e.g. `envs/prod/todo-table/table`
 * @returns e.g. `todo-table/table`; its first segment is the module
 */
export function pathBelowStack(path: string): string {
  return path.split("/").slice(2).join("/");
}
