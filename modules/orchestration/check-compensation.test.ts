import type { State, StateMachineDefinition, TaskState } from ".";
import { definitionProblems } from "./check-definition";
import type { Bounds } from "./check-state";
import { orderWorkflow, RETRY, step, TARGETS } from "./fixture";
import { longestSeconds } from "./flow-graph";

const BOUNDS: Bounds = { type: "STANDARD", timeoutSeconds: 3600 };

const problems = (definition: StateMachineDefinition, bounds: Partial<Bounds> = {}) =>
  definitionProblems(definition, { ...BOUNDS, ...bounds });

/** The order's way with some states changed. */
function changed(states: Readonly<Record<string, State>>): StateMachineDefinition {
  const workflow = orderWorkflow();
  return { ...workflow, states: { ...workflow.states, ...states } };
}

const own = (name: string) => orderWorkflow().states[name] as TaskState;

test.each<[string, StateMachineDefinition, string[]]>([
  [
    "a failure that leaves what is charged and reserved",
    changed({
      Ship: {
        ...own("Ship"),
        catch: [{ errors: ["States.ALL"], next: "TellFailed", resultPath: null }],
      } as never,
    }),
    [
      "definition.states.Reserve.compensation: the way Reserve → NeedsApproval → Charge → Ship → TellFailed → Done ends without Release; " +
        "lead it there, or name a state of it in commits",
      "definition.states.Charge.compensation: the way Charge → Ship → TellFailed → Done ends without Refund; " +
        "lead it there, or name a state of it in commits",
    ],
  ],
  [
    "a task whose error is caught, as if it could not have done its work",
    changed({
      Charge: { ...own("Charge"), catch: [{ errors: ["States.ALL"], next: "Release", resultPath: null }] },
    }),
    [
      "definition.states.Charge.compensation: the way Charge → Release → TellFailed → Done ends without Refund; " +
        "lead it there, or name a state of it in commits",
    ],
  ],
  [
    "one step that is taken back, and one before it that is not",
    changed({ Refund: { ...own("Refund"), next: "TellFailed" } as TaskState }),
    [
      "definition.states.Reserve.compensation: the way Reserve → NeedsApproval → Charge → Refund → TellFailed → Done ends without Release; " +
        "lead it there, or name a state of it in commits",
    ],
  ],
  [
    "nothing that makes the work final",
    { ...orderWorkflow(), commits: [] },
    [
      "definition.states.Reserve.compensation: the way Reserve → NeedsApproval → Charge → Ship → TellShipped → Done ends without Release; " +
        "lead it there, or name a state of it in commits",
      "definition.states.Charge.compensation: the way Charge → Ship → TellShipped → Done ends without Refund; " +
        "lead it there, or name a state of it in commits",
    ],
  ],
  [
    "a last task that nothing follows",
    {
      startAt: "A",
      states: {
        A: step("a", {
          end: true,
          catch: [{ errors: ["States.ALL"], next: "B", resultPath: null }],
          compensation: { by: "B" },
        }),
        B: step("b", { end: true }),
      },
    },
    [
      "definition.states.A.compensation: the way A ends without B; lead it there, or name a state of it in commits",
    ],
  ],
  [
    "names that are wrong",
    {
      ...changed({
        Reserve: { ...own("Reserve"), compensation: { by: "Done" } },
        Charge: { ...own("Charge"), compensation: { by: "Refund", from: "Shipped" } },
      }),
      commits: ["TellShipped", "Shipped"],
    },
    [
      'definition.commits must name states, got "Shipped"',
      'definition.states.Reserve.compensation.by must name another task, got "Done"',
      'definition.states.Charge.compensation.from must name a state, got "Shipped"',
    ],
  ],
  [
    "a compensation that is owed from a state that only errors lead to, or that comes before",
    changed({
      Reserve: {
        ...own("Reserve"),
        catch: [{ errors: ["States.ALL"], next: "Refused", resultPath: null }],
        compensation: { by: "Release", from: "Refused" },
      },
      Refused: { type: "pass", next: "Release" },
      Charge: { ...own("Charge"), compensation: { by: "Refund", from: "NeedsApproval" } },
    }),
    [
      'definition.states.Reserve.compensation.from must name a state that Reserve leads to once it is done, got "Refused"',
      'definition.states.Charge.compensation.from must name a state that Charge leads to once it is done, got "NeedsApproval"',
    ],
  ],
  [
    "a compensation that is given up at once",
    changed({ Refund: { ...own("Refund"), retry: [] } }),
    [
      "definition.states.Charge.compensation.by: Refund must be tried again after States.ALL, or one failure leaves the work done",
    ],
  ],
  [
    "a compensation that is tried again after errors that may never come",
    changed({ Refund: { ...own("Refund"), retry: [{ ...RETRY, errors: ["Busy", "States.Timeout"] }] } }),
    [
      "definition.states.Charge.compensation.by: Refund must be tried again after States.ALL, or one failure leaves the work done",
    ],
  ],
  [
    "a compensation whose own failure is passed over",
    changed({
      Refund: {
        ...own("Refund"),
        catch: [{ errors: ["States.ALL"], next: "Release", resultPath: null }],
      },
    }),
    [
      "definition.states.Charge.compensation: the way Charge → Refund → Release → TellFailed → Done ends after Refund has failed; " +
        "leave its errors uncaught, so that the execution fails and can be redriven, or name a state of it in commits",
    ],
  ],
  [
    "a compensation whose failure is left to people",
    {
      ...changed({
        Release: {
          ...own("Release"),
          catch: [{ errors: ["States.ALL"], next: "TellPeople", resultPath: null }],
        },
        TellPeople: { ...own("TellFailed") },
      }),
      commits: ["TellShipped", "TellPeople"],
    },
    [],
  ],
  [
    "a task of a branch",
    changed({
      Ship: {
        type: "parallel",
        branches: [
          {
            startAt: "Pack",
            states: {
              Pack: step("pack", { next: "Unpack", compensation: { by: "Unpack" } }),
              Unpack: step("un", { end: true }),
            },
          },
        ],
        resultPath: null,
        catch: [{ errors: ["States.ALL"], next: "Refund", resultPath: null }],
        next: "TellShipped",
      },
    }),
    [
      "definition.states.Ship.branches[0].states.Pack.compensation must be of the workflow's own states: what fails beside a branch ends it",
    ],
  ],
  [
    "a loop, which has no length",
    changed({
      Refund: {
        ...own("Refund"),
        catch: [{ errors: ["States.ALL"], next: "Wait", resultPath: null }],
      },
      Wait: { type: "wait", seconds: 60, next: "Refund" },
    }),
    [
      "definition has states that lead back to one before: how long it takes has no bound, " +
        "and an execution that is timed out compensates nothing",
    ],
  ],
])("%s", (_name, definition, expected) => {
  expect(problems(definition)).toEqual(expected);
});

test("an execution must not be timed out before it has compensated", () => {
  // Reserve, Charge, Ship, Refund, Release and TellFailed 18 s each, with attempts and waits; Approve 60 s.
  const longest = 6 * 18 + 60;
  expect(longestSeconds(orderWorkflow())).toBe(longest);
  expect(problems(orderWorkflow(), { timeoutSeconds: longest })).toEqual([]);
  expect(problems(orderWorkflow(), { timeoutSeconds: longest - 1 })).toEqual([
    "timeoutSeconds must be at least 168, the longest way of the definition, as an execution that is timed out compensates nothing; got 167",
  ]);
});

test("what fails in the call of a callback is tried again without the whole wait", () => {
  const asking = (changes: Partial<TaskState>): StateMachineDefinition => ({
    startAt: "Ask",
    states: {
      Ask: {
        type: "task",
        resource: {
          kind: "lambdaCallback",
          functionArn: TARGETS.functionArn,
          payload: { "token.$": "$$.Task.Token" },
        },
        timeoutSeconds: 1000,
        callSeconds: 10,
        retry: [],
        end: true,
        ...changes,
      } as TaskState,
    },
  });
  // Two attempts that fail, waits of 1 s and 2 s, and one that waits for its answer.
  const [early, late] = [2 * 10 + 3 + 1000, 2 * 1000 + 3 + 1000];
  const retry = (...errors: string[]) => [{ ...RETRY, errors }];
  const { callSeconds: _, ...unknown } = asking({}).states["Ask"] as TaskState;
  expect([
    longestSeconds(asking({ retry: retry("States.TaskFailed") })),
    longestSeconds(asking({ retry: retry("Lambda.ServiceException") })),
    longestSeconds(asking({ retry: retry("States.ALL") })),
    longestSeconds(asking({ retry: retry("Error", "States.Timeout") })),
    longestSeconds(asking({ retry: retry("States.TaskFailed"), heartbeatSeconds: 60 })),
    longestSeconds({
      startAt: "Ask",
      states: { Ask: { ...unknown, retry: retry("States.TaskFailed") } as TaskState },
    }),
  ]).toEqual([early, early, late, late, late, late]);
});
