import type * as z from "zod";
import type { containerService } from "./container-spec";
import type { EnvironmentSpec } from "./spec";

/** A container service of an environment. */
export interface PlacedService {
  /** Name of its folder below `services/`. */
  readonly name: string;
  /** Where the specification has it. */
  readonly path: string;
  readonly service: z.output<typeof containerService>;
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
          path: `microservices.${name}`,
          service: microservices[name],
        }))
      : []),
    ...(downloads?.service
      ? [{ name: "updates", path: "downloads.service", service: downloads.service }]
      : []),
  ];
}
