import type { Workflow } from "../fulfilment-workflow";

type State = Workflow["definition"]["states"][string];
type Task = Extract<State, { type: "task" }>;
type Choice = Extract<State, { type: "choice" }>["choices"][number];
type Data = Readonly<Record<string, unknown>>;

/** What paths are of: `$` is the execution's data, `$$` its context. */
interface Scope {
  readonly $: Data;
  readonly $$: Data;
}

/** What executions in memory call. What it throws, but for a StepError, ends the execution as it is. */
export interface ExecutionsConfig {
  /** Calls the function. */
  readonly call: (payload: Data) => Promise<unknown>;
  /** Puts an event on the bus. */
  readonly put: (event: Data) => Promise<void>;
  /** Lets others go on, for as long as an execution waits for an answer. */
  readonly turn: () => Promise<unknown>;
  /** Turns that an answer is waited for. */
  readonly patience: number;
}

/** What a task fails with, by the name that retries and catches know it by. */
export class StepError extends Error {
  constructor(override readonly name: string) {
    super(name);
  }
}

/** For tests: workflows executed in memory, as Step Functions does it, without the waits between attempts. */
export class Executions {
  /** Names of tasks, each as often as it was attempted. */
  readonly attempts: string[] = [];
  private readonly waits = new Map<string, { readonly event: unknown; asked: boolean; woken: boolean }>();
  private count = 0;

  constructor(private readonly config: ExecutionsConfig) {}

  /** @throws StepError when the execution fails */
  async execute({ definition: { startAt, states } }: Workflow, input: Data): Promise<void> {
    const $$ = { Execution: { Id: `execution-${++this.count}` } };
    let $ = input;
    for (let name = startAt; ; ) {
      const state = states[name];
      if (state?.type === "succeed") return;
      if (state?.type === "pass" && "next" in state) {
        $ = filled(state.parameters ?? {}, { $, $$ });
        name = state.next;
      } else if (state?.type === "choice") {
        name = state.choices.find((choice) => holds(choice, { $, $$ }))?.next ?? state.default;
      } else if (state?.type === "task" && "next" in state) {
        [$, name] = await this.done(name, state, { $, $$ });
      } else throw new Error(`state ${name} is not executed here`);
    }
  }

  /** Answers the task that has a token. @returns false when it waits no more */
  wake(token: string): boolean {
    const wait = this.waits.get(token);
    if (wait) wait.woken = true;
    return wait !== undefined;
  }

  /** The events for which somebody is asked, and has not answered. */
  waiting(): unknown[] {
    return [...this.waits.values()].filter(({ asked, woken }) => asked && !woken).map(({ event }) => event);
  }

  private async done(name: string, task: Task & { next: string }, scope: Scope): Promise<[Data, string]> {
    try {
      return [kept(scope.$, task.resultPath, await this.tried(name, task, scope)), task.next];
    } catch (error) {
      const caught = error instanceof StepError && task.catch?.find(({ errors }) => isOf(errors, error));
      if (!caught) throw error;
      return [kept(scope.$, caught.resultPath, { Error: error.name }), caught.next];
    }
  }

  /** The first retry that names an error decides. */
  private async tried(name: string, task: Task, scope: Scope): Promise<unknown> {
    const left = new Map(task.retry.map((retry) => [retry, retry.maxAttempts]));
    for (;;) {
      try {
        this.attempts.push(name);
        return await this.attempt(task, scope);
      } catch (error) {
        if (!(error instanceof StepError) || task.permanentErrors?.includes(error.name)) throw error;
        const retry = task.retry.find(({ errors }) => isOf(errors, error));
        const attempts = (retry && left.get(retry)) ?? 0;
        if (!retry || attempts === 0) throw error;
        left.set(retry, attempts - 1);
      }
    }
  }

  private async attempt({ resource }: Task, scope: Scope): Promise<unknown> {
    switch (resource.kind) {
      case "lambda":
        return this.config.call(filled(resource.payload ?? {}, scope));
      case "lambdaCallback":
        return this.answer(resource.payload, scope);
      case "events":
        return this.config.put(filled(resource.detail, scope));
      default:
        throw new Error(`a task of kind ${resource.kind} is not executed here`);
    }
  }

  private async answer(payload: object, { $, $$ }: Scope): Promise<Data> {
    const token = `token-${++this.count}`;
    const wait = { event: $["event"], asked: false, woken: false };
    this.waits.set(token, wait);
    try {
      await this.config.call(filled(payload, { $, $$: { ...$$, Task: { Token: token } } }));
      wait.asked = true;
      for (let turn = 0; turn < this.config.patience && !wait.woken; turn++) await this.config.turn();
      if (!wait.woken) throw new StepError("States.Timeout");
      return {};
    } finally {
      this.waits.delete(token);
    }
  }
}

function filled(template: object, scope: Scope): Data {
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) =>
      key.endsWith(".$") ? [key.slice(0, -2), valueAt(value, scope)] : [key, value],
    ),
  );
}

function valueAt(path: string, scope: Scope): unknown {
  return path.split(".").reduce<unknown>((value, key) => Object(value)[key], scope);
}

function holds({ next: _, ...condition }: Choice, scope: Scope): boolean {
  if (!("variable" in condition)) throw new Error("a condition of several is not decided here");
  const { variable, ...operators } = condition;
  return Object.values(operators)[0] === valueAt(variable, scope);
}

function kept($: Data, path: string | null | undefined, result: unknown): Data {
  if (path === undefined) return result as Data;
  return path === null ? $ : { ...$, [path.slice("$.".length)]: result };
}

/** `States.TaskFailed` is any error but `States.Timeout`. */
function isOf(errors: readonly string[], { name }: StepError): boolean {
  return errors.some(
    (each) =>
      each === "States.ALL" || each === name || (each === "States.TaskFailed" && name !== "States.Timeout"),
  );
}
