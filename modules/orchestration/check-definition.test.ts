import type { Flow } from ".";
import { definitionProblems } from "./check-definition";
import type { Bounds } from "./check-state";
import { orderWorkflow, step } from "./fixture";

const BOUNDS: Bounds = { type: "STANDARD", timeoutSeconds: 3600 };

const PASS = { type: "pass" } as const;

test("the order's way is right", () => {
  expect(definitionProblems(orderWorkflow(), BOUNDS)).toEqual([]);
});

test.each<[string, Flow, string[]]>([
  [
    "a first state that is not there",
    { startAt: "Strat", states: { Start: { type: "succeed" } } },
    ['definition.startAt must name a state, got "Strat"; there are Start'],
  ],
  [
    "a next state that is not there",
    { startAt: "A", states: { A: { ...PASS, next: "C" }, B: { type: "succeed" } } },
    ['definition.states.A.next must name a state, got "C"; there are A, B'],
  ],
  [
    "choices and catches that lead nowhere",
    {
      startAt: "A",
      states: {
        A: { type: "choice", choices: [{ variable: "$.a", isPresent: true, next: "C" }], default: "D" },
        B: step("b", { end: true, catch: [{ errors: ["States.ALL"], next: "E", resultPath: null }] }),
      },
    },
    [
      'definition.states.A.choices[0].next must name a state, got "C"; there are A, B',
      'definition.states.A.default must name a state, got "D"; there are A, B',
      'definition.states.B.catch[0].next must name a state, got "E"; there are A, B',
    ],
  ],
  [
    "a state that none leads to",
    { startAt: "A", states: { A: { type: "succeed" }, B: { ...PASS, next: "A" } } },
    ["definition.states.B is never reached: no state leads to it"],
  ],
  [
    "no end at all",
    { startAt: "A", states: { A: { ...PASS, next: "B" }, B: { ...PASS, next: "A" } } },
    ['definition has no state that ends it: give one "end: true", or add a succeed or a fail'],
  ],
  [
    "a circle beside an end",
    {
      startAt: "A",
      states: {
        A: { type: "choice", choices: [{ variable: "$.a", isPresent: true, next: "B" }], default: "C" },
        B: { ...PASS, next: "B" },
        C: { type: "succeed" },
      },
    },
    ["definition.states.B never comes to an end: all its ways lead in a circle"],
  ],
  [
    "the same in a branch",
    {
      startAt: "A",
      states: {
        A: {
          type: "parallel",
          branches: [{ startAt: "B", states: { B: { ...PASS, next: "A" } } }],
          end: true,
        },
      },
    },
    ['definition.states.A.branches[0].states.B.next must name a state, got "A"; there are B'],
  ],
  [
    "a name that a branch has, too",
    {
      startAt: "A",
      states: {
        A: {
          type: "map",
          maxConcurrency: 1,
          processor: { startAt: "A", states: { A: { ...PASS, end: true } } },
          end: true,
        },
      },
    },
    ["definition.states.A.processor.states.A: another state of the workflow has this name"],
  ],
  [
    "a long name",
    { startAt: "A".repeat(81), states: { ["A".repeat(81)]: { type: "succeed" } } },
    [`definition.states.${"A".repeat(81)}: a name has at most 80 characters, this one 81`],
  ],
])("%s", (_name, definition, expected) => {
  expect(definitionProblems(definition, BOUNDS)).toEqual(expected);
});
