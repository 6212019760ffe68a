import type { Rule } from "./violation";

/** What pipelines need of the rest of the specification. */
export const CI_RULES: readonly Rule[] = [
  function pipelinesReachTheState({ ci, state }, report) {
    if (ci && state.kind !== "s3") {
      report("state.kind", `must be "s3" when ci is set: a pipeline keeps no file, got "${state.kind}"`);
    }
  },
];
