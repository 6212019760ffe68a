import type { Distribution } from "../../internal/cdn-model";
import { asksOf } from "./asks";
import { type Catalogue, catalogueOf } from "./catalogue";
import type { Plan } from "./plan";
import { type Replayed, replay } from "./replay";
import { type Schedule, scheduleOf } from "./schedule";
import { type Topology, topologyOf } from "./topology";

/** A rehearsal and what it was made from. */
export interface Rehearsal extends Replayed {
  readonly plan: Plan;
  readonly topology: Topology;
  readonly catalogue: Catalogue;
  readonly requests: number;
}

/** A plan's requests, drawn but not replayed. */
export interface Drawn {
  readonly topology: Topology;
  readonly catalogue: Catalogue;
  readonly table: ReturnType<typeof asksOf>;
  readonly schedule: Schedule;
}

/** Draws the requests of a plan. @throws Error when the plan and the distribution do not go together */
export function draw(plan: Plan, distribution: Distribution): Drawn {
  const catalogue = catalogueOf(plan, distribution);
  const topology = topologyOf(plan, catalogue.origins);
  const table = asksOf(plan, catalogue);
  return { topology, catalogue, table, schedule: scheduleOf(plan, topology, catalogue, table) };
}

/**
 * Rehearses a release: all requests of a plan, through an environment's distribution.
 *
 * @throws Error when the plan and the distribution do not go together
 */
export function rehearse(plan: Plan, distribution: Distribution): Rehearsal {
  const { topology, catalogue, table, schedule } = draw(plan, distribution);
  return {
    plan,
    topology,
    catalogue,
    requests: schedule.count,
    ...replay(plan, topology, catalogue, table, schedule),
  };
}
