/**
 * A container service on ECS: one config for Fargate, with a share of spot, and for instances. Behind load balancers, or found by DNS or
 * Service Connect; scaled by metrics and by the clock.
 *
 * **Containers.** The image's root file system is read-only, its user has no rights and keeps none, and it logs without ever waiting. A
 * migration runs before it, with secrets of its own, and a collector for traces beside it, where configured.
 *
 * **Roles.** The service acts as its task role, which has `statements` and nothing else. ECS starts it as the execution role, which pulls
 * this image, reads these secrets and writes this log. Secrets are referred to: their text is in no task definition and no state.
 *
 * **Deployments.** New tasks are healthy before old ones end. A deployment whose tasks do not start, or that fails requests or slows them,
 * goes back to the last one by itself. On instances tasks are even over the zones, and packed by memory within one.
 *
 * **Workers.** One that nobody calls has no `targets`, and its `command` where the image has several. Its containers' own health, and the
 * number of its tasks, say whether it is well, and `metricAlarms` what it says of its work.
 *
 * **Network.** Each task has its own interface. Its load balancers reach its port, nobody else; it reaches HTTPS where configured, and
 * what it is a client of by `clientSecurityGroupIds`.
 *
 * @module
 */
export type {
  EcsServiceConfig,
  MetricAlarmConfig,
  MigrationConfig,
  ScheduleConfig,
  TargetMetricConfig,
} from "./config";
export { EcsService } from "./ecs-service";
