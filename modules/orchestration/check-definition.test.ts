import type { Flow, State, StateMachineDefinition, TaskState } from ".";
import { definitionProblems } from "./check-definition";
import type { Bounds } from "./check-state";
import { orderWorkflow, RETRY, STEPS_ARN, step } from "./fixture";
import { longestSeconds } from "./flow-graph";

const BOUNDS: Bounds = { type: "STANDARD", timeoutSeconds: 3600 };

const problems = (definition: StateMachineDefinition, bounds: Partial<Bounds> = {}) =>
  definitionProblems(definition, { ...BOUNDS, ...bounds });

/** The order's way with some states changed. */
function changed(states: Readonly<Record<string, State>>): StateMachineDefinition {
  const workflow = orderWorkflow();
  return { ...workflow, states: { ...workflow.states, ...states } };
}

/** A workflow of one state and an end. */
const only = (state: State): StateMachineDefinition => ({
  startAt: "Only",
  states: { Only: state, Done: { type: "succeed" } },
});

const task = (changes: Partial<TaskState>): StateMachineDefinition =>
  only({ ...step("try", { next: "Done" }), ...changes } as TaskState);

const own = (name: string) => orderWorkflow().states[name] as TaskState;

const PASS = { type: "pass" } as const;

test("the order's way is right", () => {
  expect(problems(orderWorkflow())).toEqual([]);
});

describe("how states lead to one another", () => {
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
    expect(problems(definition)).toEqual(expected);
  });
});

describe("what is in a state", () => {
  const lambda = (payload: Record<string, string>) =>
    ({ kind: "lambda", functionArn: STEPS_ARN, payload }) as const;
  const callback = {
    kind: "lambdaCallback",
    functionArn: STEPS_ARN,
    payload: { "token.$": "$$.Task.Token" },
  } as const;

  test.each<[string, StateMachineDefinition, string[]]>([
    [
      "control 4: a task without a time-out",
      task({ timeoutSeconds: undefined as unknown as number }),
      [".timeoutSeconds must be a whole number from 1 to 3600, got undefined"],
    ],
    [
      "control 4: a task that may take longer than the whole",
      task({ timeoutSeconds: 3601 }),
      [".timeoutSeconds must be a whole number from 1 to 3600, got 3601"],
    ],
    [
      "a sign of life of what gives none",
      task({ heartbeatSeconds: 5 }),
      [".heartbeatSeconds is for callbacks: nobody else gives a sign of life"],
    ],
    [
      "a sign of life that is due after the time-out",
      task({ resource: callback, heartbeatSeconds: 5 }),
      [".heartbeatSeconds must be a whole number from 1 to 4, got 5"],
    ],
    [
      "a callback without its token",
      task({ resource: { ...callback, payload: { "order.$": "$.order" } } }),
      [".resource.payload must hold $$.Task.Token, or nobody could answer"],
    ],
    [
      "a token for nobody",
      task({ resource: lambda({ "token.$": "$$.Task.Token" }) }),
      [".resource.payload holds $$.Task.Token, but a task of kind lambda waits for no answer"],
    ],
    [
      "retries without bound",
      task({ retry: [{ ...RETRY, maxAttempts: 99_999_999, maxDelaySeconds: 1, backoffRate: 0.5 }] }),
      [
        ".retry[0].maxAttempts must be a whole number from 1 to 100, got 99999999",
        ".retry[0].maxDelaySeconds must be a whole number from 2 to 31622399, got 1",
        ".retry[0].backoffRate must be 1 or more, got 0.5",
      ],
    ],
    [
      "errors in an order that leaves some unseen",
      task({
        retry: [
          { ...RETRY, errors: ["States.ALL", "Other"] },
          { ...RETRY, errors: ["Other", "States.Tiemout"] },
          { ...RETRY, errors: [] },
        ],
      }),
      [
        ".retry[0].errors: States.ALL stands alone, as it is all errors",
        ".retry[0].errors: States.ALL must be the last, as nothing after it is looked at",
        '.retry[1].errors: "States.Tiemout" is no error of Step Functions',
        '.retry[1].errors: "Other" is named before, and what comes first decides',
        ".retry[2].errors must name an error; States.ALL stands for all",
      ],
    ],
    [
      "a catch of all that is not the last",
      task({
        catch: [
          { errors: ["States.ALL"], next: "Done", resultPath: "$.error" },
          { errors: ["States.Timeout"], next: "Done", resultPath: "error" },
        ],
      }),
      [
        '.catch[1].resultPath must begin with "$", got "error"',
        ".catch[0].errors: States.ALL must be the last, as nothing after it is looked at",
      ],
    ],
    [
      "paths that cannot be read",
      task({
        inputPath: "order",
        outputPath: "$.[",
        resultPath: "$.lines[*]",
        resultSelector: { "a.$": "$a" },
      }),
      [
        '.inputPath must begin with "$", got "order"',
        '.outputPath cannot be read from ".[" on, in "$.["',
        '.resultSelector["a.$"] cannot be read from "a" on, in "$a"',
        '.resultPath must name one place, got "$.lines[*]", which can find several',
      ],
    ],
    [
      "references that are text, and text that should be a reference",
      task({ resource: lambda({ id: "$.order.id", key: "States.UUID()", "cents.$": "12", price: "$12" }) }),
      [
        '.resource.payload["id"] is text, not a reference, as its key does not end in .$; got "$.order.id"',
        '.resource.payload["key"] is text, not a reference, as its key does not end in .$; got "States.UUID()"',
        '.resource.payload["cents.$"] must begin with "$", got "12"',
      ],
    ],
    [
      "comparisons of nothing, or of two things",
      only({
        type: "choice",
        choices: [
          { variable: "$.a", next: "Done" },
          { not: { variable: "a", isNull: true, isPresent: true }, next: "Done" },
          { and: [], next: "Done" },
          { or: [{ variable: "$.a", numericEqualsPath: "b" }], next: "Done" },
        ],
        default: "Done",
      }),
      [
        ".choices[0] must have exactly one operator, got none",
        '.choices[1].not.variable must begin with "$", got "a"',
        ".choices[1].not must have exactly one operator, got isNull, isPresent",
        ".choices[2].and must hold a condition",
        '.choices[3].or[0].numericEqualsPath must begin with "$", got "b"',
      ],
    ],
    [
      "a map over everything at once",
      only({
        type: "map",
        itemsPath: "lines",
        maxConcurrency: 0,
        processor: { startAt: "Item", states: { Item: { ...PASS, end: true } } },
        next: "Done",
      }),
      [
        '.itemsPath must begin with "$", got "lines"',
        ".maxConcurrency must be a whole number from 1 to 40, got 0",
      ],
    ],
    [
      "a wait longer than the whole",
      only({ type: "wait", seconds: 3601, next: "Done" }),
      [".seconds must be a whole number from 1 to 3600, got 3601"],
    ],
  ])("%s", (_name, definition, expected) => {
    expect(problems(definition)).toEqual(expected.map((problem) => `definition.states.Only${problem}`));
  });

  test("an Express workflow waits for no callback", () => {
    expect(problems(task({ resource: callback }), { type: "EXPRESS", timeoutSeconds: 300 })).toEqual([
      "definition.states.Only.resource: an Express workflow waits for no callback; make it STANDARD",
    ]);
  });
});

describe("compensation", () => {
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
      "a compensation that is given up at once",
      changed({ Refund: { ...own("Refund"), retry: [] } }),
      [
        "definition.states.Charge.compensation.by: Refund must be tried again, or one failure leaves the work done",
      ],
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
});
