/** One task as the plan sees it. */
export interface PlannedTask {
  /** Of the revision that the service should run. */
  readonly current: boolean;
  /** It can take requests. */
  readonly healthy: boolean;
}

/** How many tasks a service may have. */
export interface RolloutLimits {
  readonly desired: number;
  /** Percent of `desired` that must stay healthy during a change. */
  readonly minimumHealthyPercent: number;
  /** Percent of `desired` that may run during a change, those that start included. */
  readonly maximumPercent: number;
}

/** What to do next. */
export interface RolloutStep<T> {
  /** Tasks of the current revision to start. */
  readonly start: number;
  /** Tasks to stop now. */
  readonly stop: readonly T[];
}

/**
 * Plans the next step of a service towards its desired tasks, as ECS's rolling update does: new tasks are started up to the
 * maximum, old ones are stopped as long as enough healthy ones stay.
 *
 * @param tasks that run or start, oldest first; those that are being stopped are not among them
 * @param mayStart false while no further task is to be started, as after failures. @default true
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
export function planRollout<T extends PlannedTask>(
  tasks: readonly T[],
  { desired, minimumHealthyPercent, maximumPercent }: RolloutLimits,
  mayStart = true,
): RolloutStep<T> {
  const current = tasks.filter((task) => task.current);
  const old = tasks.filter((task) => !task.current);
  const least = Math.ceil((desired * minimumHealthyPercent) / 100);
  const most = Math.max(Math.floor((desired * maximumPercent) / 100), old.length > 0 ? 1 : desired);

  // Too many of the current revision: those that take no requests yet go first, then the newest.
  const surplus = Math.max(0, current.length - desired);
  const stop: T[] = [...current]
    .reverse()
    .sort((left, right) => Number(left.healthy) - Number(right.healthy))
    .slice(0, surplus);
  const staying = current.filter((task) => !stop.includes(task));

  // Old ones that take no requests help nobody. The others go as far as enough healthy tasks stay.
  let healthy = tasks.filter((task) => task.healthy && !stop.includes(task)).length;
  const healthyCurrent = staying.filter((task) => task.healthy).length;
  const done = healthyCurrent >= desired;
  for (const task of old) {
    if (task.healthy && !done && (!mayStart || healthy - 1 < least)) continue;
    if (task.healthy) healthy--;
    stop.push(task);
  }
  const room = most - (tasks.length - stop.length);
  const missing = desired - staying.length;
  return { start: mayStart ? Math.max(0, Math.min(missing, room)) : 0, stop };
}
