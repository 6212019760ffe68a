/**
 * The Lambda functions of an environment: which there are, by its synthesised stack; which versions each has and which of them is live,
 * by Lambda.
 *
 * @module
 */
export {
  type FunctionVersion,
  type LambdaService,
  openLambda,
} from "./lambda";
export {
  type DeployedFunction,
  findFunction,
  functionsOf,
  type StackWithFunctions,
} from "./stack";
