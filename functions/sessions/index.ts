/**
 * The sessions API: begins, reads, refreshes and ends sessions of the signed-in user, and tells services whose a session is. Contract:
 * api/sessions/v1.yaml.
 *
 * This file only wires; see README.md for the design.
 *
 * @module
 */
import { setTimeout as wait } from "node:timers/promises";
import { CircuitBreaker } from "../../runtime";
import { createObservability } from "../internal";
import { Cache } from "./cache";
import { connectToValkey } from "./cache-connection";
import { credentialSource } from "./credential-source";
import { sessionsHandler } from "./handler";
import { readSettings } from "./settings";
import { ValkeySessionStore } from "./valkey-store";

const settings = readSettings(process.env);
const observability = createObservability(settings);
const credentials = credentialSource(settings.authentication, process.env);
const cache = new Cache({
  connect: async (renew, signal) => connectToValkey(settings.cache, await credentials(renew), signal),
  breaker: new CircuitBreaker({ failures: 3, openMilliseconds: 2000, now: () => performance.now() }),
  pause: (attempt) => wait(Math.random() * 50 * 2 ** attempt),
  now: () => performance.now(),
  observability,
});
cache.warmUp();

/** Lambda's entry. */
export const handler = sessionsHandler({
  observability,
  store: new ValkeySessionStore({ cache, rules: settings.rules, now: Date.now }),
  ...(settings.corsOrigin !== undefined && { corsOrigin: settings.corsOrigin }),
});
