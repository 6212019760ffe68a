import type { Plan } from "./plan";

/** When the clients of a plan come: how many in each second, as a share. */
export interface ArrivalCurve {
  /** Milliseconds since the begin at which a client comes. */
  draw(random: () => number): number;
  /** Share of all clients that come before the end of each second. The last is 1. */
  readonly cumulative: Float64Array;
}

/** Seconds of a day. */
const DAY = 86_400;

/**
 * Works out a plan's curve. Within a second clients come evenly.
 *
 * @throws Error when nobody comes
 */
export function arrivalCurve(plan: Pick<Plan, "arrivals" | "durationHours" | "startsAt">): ArrivalCurve {
  const seconds = Math.max(1, Math.round(plan.durationHours * 3600));
  const weight = weightOf(plan);
  const cumulative = new Float64Array(seconds);
  let sum = 0;
  for (let second = 0; second < seconds; second++) {
    sum += weight(second + 0.5);
    cumulative[second] = sum;
  }
  if (!(sum > 0)) throw new Error("arrivals: nobody comes within the rehearsal");
  for (let second = 0; second < seconds; second++) cumulative[second] = (cumulative[second] as number) / sum;
  cumulative[seconds - 1] = 1;
  return { cumulative, draw: drawer(cumulative) };
}

/** How busy it is, some seconds after the begin, on a scale of its own. */
function weightOf({ arrivals, startsAt }: Pick<Plan, "arrivals" | "startsAt">): (second: number) => number {
  switch (arrivals.kind) {
    case "points":
      return alongPoints(arrivals.points.map(({ hour, weight }) => ({ second: hour * 3600, weight })));
    case "flat":
      return swing(arrivals.diurnal, startsAt);
    case "decay": {
      const swings = swing(arrivals.diurnal, startsAt);
      const halfLife = arrivals.halfLifeHours * 3600;
      return (second) => 2 ** (-second / halfLife) * swings(second);
    }
  }
}

/** A cosine over the day: 1 at its busiest hour, the trough's share twelve hours from it. */
function swing(
  diurnal: { readonly peakHour: number; readonly troughShare: number } | undefined,
  startsAt: string,
): (second: number) => number {
  if (diurnal === undefined) return () => 1;
  const { peakHour, troughShare } = diurnal;
  const start = (Date.parse(startsAt) / 1000) % DAY;
  return (second) => {
    const angle = (2 * Math.PI * (start + second - peakHour * 3600)) / DAY;
    return troughShare + ((1 - troughShare) * (1 + Math.cos(angle))) / 2;
  };
}

function alongPoints(
  points: readonly { readonly second: number; readonly weight: number }[],
): (second: number) => number {
  let at = 0;
  return (second) => {
    // Asked in ascending order.
    while (at + 1 < points.length && (points[at + 1]?.second ?? 0) <= second) at++;
    const [from, to] = [points[at], points[at + 1]];
    if (from === undefined || to === undefined || second < from.second) return 0;
    return from.weight + ((to.weight - from.weight) * (second - from.second)) / (to.second - from.second);
  };
}

/** Looks the second up by a table of where to begin, so that a draw takes the same time whatever the length. */
function drawer(cumulative: Float64Array): ArrivalCurve["draw"] {
  const slots = Math.min(cumulative.length, 65_536);
  const begin = new Uint32Array(slots + 1);
  for (let slot = 0, second = 0; slot <= slots; slot++) {
    while (second < cumulative.length - 1 && (cumulative[second] as number) < slot / slots) second++;
    begin[slot] = second;
  }
  return (random) => {
    const drawn = random();
    let second = begin[Math.floor(drawn * slots)] as number;
    while ((cumulative[second] as number) <= drawn) second++;
    return second * 1000 + Math.floor(random() * 1000);
  };
}
