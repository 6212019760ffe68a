import type * as z from "zod";
import type { containerService } from "./container-spec";
import type { EnvironmentSpec } from "./spec";

/** A container service of an environment. */
export interface PlacedService {
  readonly name: string;
  /** Name of its folder below `services/`, and of its image. */
  readonly image: string;
  /** Where the specification has it. */
  readonly path: string;
  readonly service: z.output<typeof containerService>;
}

/** Least and most numbers of a service's tasks: the first and those of its schedules, each with its path below the service's. */
export function taskRanges({ minimumTasks, maximumTasks, schedules }: z.output<typeof containerService>) {
  return [
    { path: "", minimumTasks, maximumTasks },
    ...schedules.map((schedule, index) => ({ path: `schedules.${index}.`, ...schedule })),
  ];
}

/** All container services of an environment. */
export function containerServices({
  microservices,
  downloads,
}: Pick<EnvironmentSpec, "microservices" | "downloads">): PlacedService[] {
  return [
    ...(microservices
      ? (["catalog", "orders", "storefront"] as const).map((name) => ({
          name,
          image: name,
          path: `microservices.${name}`,
          service: microservices[name],
        }))
      : []),
    ...(microservices?.events
      ? [
          {
            ...{ name: "order-relay", image: "orders" },
            path: "microservices.events.relay",
            service: microservices.events.relay,
          },
        ]
      : []),
    ...(downloads?.service
      ? [{ name: "updates", image: "updates", path: "downloads.service", service: downloads.service }]
      : []),
  ];
}
