/**
 * A Lambda function: its artifact as an S3 object, a role of its own, encrypted logs, a published version behind the
 * alias `live`, reserved concurrency and alarms.
 *
 * @module
 */
export { LambdaFunction, type LambdaFunctionConfig } from "./lambda-function";
