import { gatewayModel } from "./gateway-model";

test("asks for the shape alone, and leaves limits and required fields to the handler", () => {
  expect(
    gatewayModel(
      {
        type: "object",
        required: ["text"],
        additionalProperties: false,
        properties: {
          text: { type: "string", minLength: 1, maxLength: 10, pattern: "x" },
          due: { type: "string", format: "date-time", nullable: true },
          tags: { type: "array", maxItems: 3, items: { type: "string", enum: ["a"] } },
          place: { type: "object", properties: { x: { type: "number", minimum: 0 } } },
        },
      },
      "NoteRequest",
    ),
  ).toEqual({
    $schema: "http://json-schema.org/draft-04/schema#",
    title: "NoteRequest",
    type: "object",
    properties: {
      text: { type: "string" },
      due: { type: ["string", "null"] },
      tags: { type: "array", items: { type: "string" } },
      place: { type: "object", properties: { x: { type: "number" } } },
    },
  });
});

test("a field without a type may hold anything", () => {
  expect(gatewayModel({ properties: { any: {} } }, "Any")).toMatchObject({ properties: { any: {} } });
});
