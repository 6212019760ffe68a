import { Tracer } from "@aws-lambda-powertools/tracer";

/** Used, so that it stays in the bundle. */
export const tracer = new Tracer({ serviceName: "todos" });
export { handler } from "../../../../functions/todos";
