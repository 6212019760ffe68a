import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv2020 from "ajv/dist/2020";
import type { APIGatewayProxyEvent, Context } from "aws-lambda";
import { apiHandler, createObservability } from ".";

const schema = JSON.parse(readFileSync(join(__dirname, "../../api/logs/line.json"), "utf8"));
const isLogLine = new Ajv2020().compile(schema);
const traceId = "1-5759e988-bd862e3fe1be46a994272793";

/** What is written to standard output and standard error: Lambda takes both. */
async function written(run: () => Promise<unknown>): Promise<Record<string, unknown>[]> {
  const text: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, "write").mockImplementation((chunk) => {
      text.push(String(chunk));
      return true;
    }),
  );
  try {
    await run();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return text.map((line) => JSON.parse(line));
}

test("the lines of a function have the fields that all have: api/logs/line.json", async () => {
  const lines = await written(async () => {
    const observability = createObservability({ service: "todos-v1", namespace: "acme-test" });
    const answer = async () => {
      observability.logger.warn("cache failed");
      throw new Error("secret");
    };
    const context = { getRemainingTimeInMillis: () => 10_000 } as Context;
    await apiHandler({ observability, answer })(
      {
        httpMethod: "GET",
        resource: "/todos",
        headers: { "X-Amzn-Trace-Id": `Root=${traceId}` },
        requestContext: { requestId: "request-1" },
      } as unknown as APIGatewayProxyEvent,
      context,
    );
  });
  expect(lines).toMatchObject([
    { level: "WARN", message: "cache failed" },
    { level: "ERROR", message: "failed" },
    { level: "INFO", message: "request", milliseconds: expect.any(Number) },
  ]);
  for (const line of lines) {
    expect(isLogLine(line) || isLogLine.errors).toBe(true);
    expect(line).toMatchObject({ service: "todos-v1", requestId: "request-1", traceId });
  }
});
