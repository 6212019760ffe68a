/**
 * A Lambda function: its artifact as an S3 object, a role of its own, encrypted logs, a published version behind the
 * alias `live`, reserved concurrency and alarms; where configured, CodeDeploy moves the alias to a new version by and by.
 *
 * @module
 */
export { LambdaFunction, type LambdaFunctionConfig } from "./lambda-function";
export type { TrafficShift } from "./traffic-shift";
