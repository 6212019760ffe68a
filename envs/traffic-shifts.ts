import type * as z from "zod";
import type { EnvironmentSpec } from "./spec";
import { MAXIMUM_MINUTES, type trafficShift } from "./traffic-shift-spec";

/** A function's shift, and where the specification has it. */
interface PlacedShift {
  /** E.g. `todo.api.trafficShift`. */
  readonly path: string;
  /** Minutes from the first step to the last. */
  readonly minutes: number;
  /** Most minutes of one step. */
  readonly maximumMinutes: number;
  readonly shift: z.output<typeof trafficShift>;
}

/** The shifts of an environment's functions. */
export function trafficShifts({ todo, microservices }: EnvironmentSpec): PlacedShift[] {
  const shifts = {
    "todo.api.trafficShift": todo?.api.trafficShift,
    "todo.files.trafficShift": todo?.files.trafficShift,
    "microservices.sessions.trafficShift": microservices?.sessions.trafficShift,
  };
  return Object.entries(shifts).flatMap(([path, shift]) => {
    if (!shift) return [];
    const steps = shift.kind === "canary" ? 1 : Math.ceil(100 / shift.percent) - 1;
    const maximumMinutes = Math.floor(MAXIMUM_MINUTES / steps);
    return [{ path, shift, minutes: steps * shift.minutes, maximumMinutes }];
  });
}
