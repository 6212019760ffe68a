/**
 * Workflows by Step Functions, from typed definitions that are checked at synth: that every state is reached and comes to an end, that every
 * task has a time-out, that what has been done is taken back wherever the workflow fails later.
 *
 * Every task must bear being done twice: a retry does that, and so can an `EXPRESS` workflow as a whole.
 *
 * @module
 */
export {
  type Catch,
  type Choice,
  type Comparison,
  type Compensation,
  type Condition,
  type Flow,
  LAMBDA_FAULTS,
  type Retry,
  type State,
  type StateMachineDefinition,
  type TaskResource,
  type TaskState,
  type Template,
} from "./definition";
export { StateMachine, type StateMachineConfig } from "./state-machine";
