import type { ServiceState, SupervisorState } from "../ecs/state";
import { describeProgress, failureOf, isSteady } from "./control";

const SERVICE: ServiceState = {
  name: "acme-local-catalog",
  cluster: "acme-local",
  taskDefinition: "catalog:2",
  desired: 2,
  healthy: 2,
  status: "steady",
  tasks: [],
  skippedContainers: [],
  failure: null,
  note: null,
};
const SERVER = {
  kind: "database",
  id: "orders",
  address: "db:5432",
  port: 41000,
  pid: 1,
  error: null,
} as const;
const STATE: SupervisorState = { pid: 1, observedAt: 0, services: [SERVICE], servers: [SERVER], errors: [] };

test("all is well", () => {
  expect(isSteady(STATE)).toBe(true);
  expect(failureOf(STATE)).toBeUndefined();
});

test.each<[string, Partial<SupervisorState>, string]>([
  [
    "a service that changes",
    { services: [{ ...SERVICE, status: "changing", healthy: 1, note: "task 1a: ended with code 3" }] },
    "acme-local-catalog 1 of 2, task 1a: ended with code 3",
  ],
  ["an emulator that does not answer", { errors: ["services: ECONNREFUSED"] }, "services: ECONNREFUSED"],
  ["a server that starts", { servers: [{ ...SERVER, pid: null }] }, "databases and caches"],
])("%s is waited for", (_, change, expected) => {
  expect(isSteady({ ...STATE, ...change })).toBe(false);
  expect(describeProgress({ ...STATE, ...change })).toBe(expected);
});

const FAILURE = { taskDefinition: "catalog:3", reason: "image 0a was not built", lines: [], log: null };

test.each<[string, Partial<SupervisorState>, string]>([
  [
    "a revision that was rolled back: with its last words, and where the rest is",
    {
      services: [
        {
          ...SERVICE,
          failure: {
            ...FAILURE,
            lines: ["catalog: no table"],
            log: "/logs/1.log",
            rolledBackTo: "catalog:2",
          },
        },
      ],
    },
    "service acme-local-catalog: catalog:3 did not come up: image 0a was not built:\n  catalog: no table\n; catalog:2 runs on; the whole log is /logs/1.log",
  ],
  [
    "a first revision, before which there was none",
    { services: [{ ...SERVICE, failure: { ...FAILURE, rolledBackTo: null } }] },
    "service acme-local-catalog: catalog:3 did not come up: image 0a was not built",
  ],
  [
    "a database that does not start",
    { servers: [{ ...SERVER, error: "PostgreSQL: no" }] },
    "database orders: PostgreSQL: no",
  ],
])("%s", (_, change, expected) => {
  expect(failureOf({ ...STATE, ...change })?.message).toBe(expected);
});
