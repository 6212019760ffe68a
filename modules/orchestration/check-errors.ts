import type { Catch, Retry } from "./definition";

/** https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
const STATES_ERRORS = new Set(
  [
    ...["ALL", "BranchFailed", "DataLimitExceeded", "ExceedToleratedFailureThreshold", "HeartbeatTimeout"],
    ...["IntrinsicFailure", "ItemReaderFailed", "NoChoiceMatched", "ParameterPathFailure", "Permissions"],
    ...[
      "QueryEvaluationError",
      "ResultPathMatchFailure",
      "ResultWriterFailed",
      "Runtime",
      "TaskFailed",
      "Timeout",
    ],
  ].map((name) => `States.${name}`),
);

/** Longest wait between two attempts that Step Functions takes. */
const MOST_DELAY_SECONDS = 31_622_399;

/** What is wrong in the retries of a state. */
export function retryProblems(place: string, retries: readonly Retry[]): string[] {
  return [
    ...listProblems(place, retries),
    ...retries.flatMap((retry, index) => {
      const { intervalSeconds, maxAttempts, maxDelaySeconds, backoffRate = 2 } = retry;
      const here = `${place}[${index}]`;
      return [
        ...numberProblem(`${here}.intervalSeconds`, intervalSeconds, 1, MOST_DELAY_SECONDS),
        // AWS takes 99999999, which is no bound, and 0, which is no retry.
        ...numberProblem(`${here}.maxAttempts`, maxAttempts, 1, 100),
        ...numberProblem(`${here}.maxDelaySeconds`, maxDelaySeconds, intervalSeconds + 1, MOST_DELAY_SECONDS),
        ...(backoffRate >= 1 ? [] : [`${here}.backoffRate must be 1 or more, got ${backoffRate}`]),
      ];
    }),
  ];
}

/** What is wrong with the errors that no further attempt mends. */
export function permanentProblems(
  place: string,
  errors: readonly string[] | undefined,
  retries: readonly Retry[],
): string[] {
  if (errors === undefined) return [];
  const tried = new Set(retries.flatMap(({ errors: named }) => named));
  return [
    ...(errors.length === 0 ? [`${place} must name an error`] : []),
    ...(retries.length === 0 ? [`${place} is for a task that is tried again after other errors`] : []),
    ...errors
      .filter((error) => error.startsWith("States."))
      .map((error) => `${place} must name errors of the task's own, got "${error}", of Step Functions`),
    ...errors
      .filter((error) => tried.has(error))
      .map((error) => `${place}: "${error}" is in retry as well, and would not be tried again`),
  ];
}

/** What is wrong in the catches of a state, but for the states that they lead to. */
export function catchProblems(place: string, catches: readonly Catch[]): string[] {
  return listProblems(place, catches);
}

function listProblems(place: string, list: readonly { readonly errors: readonly string[] }[]): string[] {
  const named = new Set<string>();
  return list.flatMap(({ errors }, index) => {
    const here = `${place}[${index}].errors`;
    const twice = errors.filter((error) => named.has(error));
    for (const error of errors) named.add(error);
    return [
      ...(errors.length === 0 ? [`${here} must name an error; States.ALL stands for all`] : []),
      ...errors
        .filter((error) => error.startsWith("States.") && !STATES_ERRORS.has(error))
        .map((error) => `${here}: "${error}" is no error of Step Functions`),
      ...twice.map((error) => `${here}: "${error}" is named before, and what comes first decides`),
      ...(errors.includes("States.ALL") && errors.length > 1
        ? [`${here}: States.ALL stands alone, as it is all errors`]
        : []),
      ...(errors.includes("States.ALL") && index < list.length - 1
        ? [`${here}: States.ALL must be the last, as nothing after it is looked at`]
        : []),
    ];
  });
}

/** What is wrong with a whole number. */
export function numberProblem(place: string, value: number, least: number, most: number): string[] {
  if (Number.isInteger(value) && value >= least && value <= most) return [];
  return [`${place} must be a whole number from ${least} to ${most}, got ${value}`];
}
