/**
 * A cluster for container services: Fargate and Fargate Spot always, instances of its own where configured; Container Insights, logged
 * sessions of ECS Exec, a log of what ECS warns of, and alarms.
 *
 * **Instances.** An Auto Scaling group whose size ECS sets: by what tasks reserve it grows to `maxInstances`, and it shrinks by those that
 * ECS has emptied. The types are mixed, with a share of spot above `minInstances`. An instance starts from the image that AWS recommends
 * that day, and is replaced every `refreshDays`, or when its template changes, once its tasks have moved. Its role can
 * do what the ECS agent needs in this cluster; its metadata is out of reach for tasks; nobody reaches it by network.
 *
 * **Filling them.** Each task has a network interface of its own, of which an instance has few: `EcsAccountSettings`, once per account
 * and region, lets it carry more tasks. modules/ecs-service packs tasks by memory within a zone.
 *
 * @module
 */
export { EcsAccountSettings } from "./account-settings";
export type { Ec2CapacityConfig, EcsClusterConfig } from "./config";
export { EcsCluster } from "./ecs-cluster";
