import type { KnownGenerations } from "../../runtime";
import type { EventContext, Observability } from "../internal";
import { changeOf, type HistoryEvent } from "./change";
import type { View } from "./view";

/** What the projector works with. */
export interface ProjectorConfig {
  readonly view: Pick<View, "apply">;
  readonly generations: Pick<KnownGenerations, "get">;
  /** ARN of the queue of replayed events: they go to the generation that is built, all others to each that there is. */
  readonly rebuildQueueArn: string;
  readonly observability: Pick<Observability, "count" | "measure">;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Makes what projects an event onto the view. It may be called again with the same event, and events of one order may come in any order:
 * the rows come to be the same.
 */
export function projector({ view, generations, rebuildQueueArn, observability, now }: ProjectorConfig) {
  return async (event: HistoryEvent, { signal, sourceArn, logger }: EventContext): Promise<void> => {
    const { serving, building } = await generations.get();
    const replayed = sourceArn === rebuildQueueArn;
    const written = [...(replayed ? [] : [serving]), ...(building === undefined ? [] : [building])];
    if (written.length === 0) {
      // Its replay was given up meanwhile.
      observability.count("HistoryLeftOut");
      logger.info("left out", { reason: "no generation is built" });
      return;
    }
    const change = changeOf(event);
    const applied = await Promise.all(written.map((generation) => view.apply(generation, change, signal)));
    observability.count(applied.includes(true) ? "HistoryApplied" : "HistoryKnown");
    // How far readers are behind; a replay says nothing of that.
    if (!replayed && applied[0]) {
      observability.measure("HistoryLag", Math.max(0, now() - Date.parse(event.time)));
    }
  };
}
