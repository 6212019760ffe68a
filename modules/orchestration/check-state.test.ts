import type { State, StateMachineDefinition, TaskState } from ".";
import { definitionProblems } from "./check-definition";
import type { Bounds } from "./check-state";
import { RETRY, step, TARGETS } from "./fixture";

const BOUNDS: Bounds = { type: "STANDARD", timeoutSeconds: 3600 };

const problems = (definition: StateMachineDefinition, bounds: Partial<Bounds> = {}) =>
  definitionProblems(definition, { ...BOUNDS, ...bounds });

/** A workflow of one state and an end. */
const only = (state: State): StateMachineDefinition => ({
  startAt: "Only",
  states: { Only: state, Done: { type: "succeed" } },
});

const task = (changes: Partial<TaskState>): StateMachineDefinition =>
  only({ ...step("try", { next: "Done" }), ...changes } as TaskState);

const PASS = { type: "pass" } as const;

const lambda = (payload: Record<string, string>) =>
  ({ kind: "lambda", functionArn: TARGETS.functionArn, payload }) as const;
const callback = {
  kind: "lambdaCallback",
  functionArn: TARGETS.functionArn,
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
    "a call that is not waited for",
    task({ callSeconds: 5 }),
    [".callSeconds is for callbacks: all else is done when the call is"],
  ],
  [
    "a call that may take longer than the wait for its answer",
    task({ resource: callback, callSeconds: 6 }),
    [".callSeconds must be a whole number from 1 to 5, got 6"],
  ],
  [
    "permanent errors that attempts may mend, or are to",
    task({
      retry: [{ ...RETRY, errors: ["Busy"] }],
      permanentErrors: ["InvalidInput", "Busy", "States.Timeout"],
    }),
    [
      '.permanentErrors must name errors of the task\'s own, got "States.Timeout", of Step Functions',
      '.permanentErrors: "Busy" is in retry as well, and would not be tried again',
    ],
  ],
  [
    "permanent errors of nothing",
    task({ retry: [], permanentErrors: [] }),
    [
      ".permanentErrors must name an error",
      ".permanentErrors is for a task that is tried again after other errors",
    ],
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
