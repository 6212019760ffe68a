import type { JsonObject, JsonValue } from "./contract";

/**
 * Turns a body's schema into an API Gateway model (JSON schema draft 4) that asks only for its shape: the types of the
 * body and of its fields.
 *
 * The gateway answers a refused body with one sentence and names no field. So it refuses what could not be meant (not JSON,
 * no object, a number for a title) before it costs an invocation; the handler checks the whole contract, limits and
 * required fields too, and answers with every violated field. See docs/decisions/0007-validation-at-both-ends.md.
 */
export function gatewayModel(schema: JsonObject, title: string): JsonObject {
  return { $schema: "http://json-schema.org/draft-04/schema#", title, ...shape(schema) };
}

function shape(schema: JsonObject): JsonObject {
  const result: Record<string, JsonValue> = {};
  if (schema["type"] !== undefined) {
    // OpenAPI 3.0 says `nullable`, draft 4 says ["string", "null"].
    result["type"] = schema["nullable"] === true ? [schema["type"], "null"] : schema["type"];
  }
  const properties = schema["properties"];
  if (properties !== undefined) {
    result["properties"] = Object.fromEntries(
      Object.entries(properties as JsonObject).map(([name, property]) => [
        name,
        shape(property as JsonObject),
      ]),
    );
  }
  if (schema["items"] !== undefined) result["items"] = shape(schema["items"] as JsonObject);
  return result;
}
