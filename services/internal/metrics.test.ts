import { createMetrics } from "./metrics";

test("metrics are one line in CloudWatch's embedded format, with the dimension of the functions' metrics", () => {
  const lines: string[] = [];
  const put = createMetrics({
    ...{ namespace: "acme-test", service: "order-relay", now: () => 1_717_200_000_000 },
    write: (line) => void lines.push(line),
  });
  put({ OutboxAge: { value: 1.5, unit: "Seconds" }, EventsPublished: { value: 3, unit: "Count" } });
  expect(lines).toHaveLength(1);
  expect(lines[0]?.endsWith("}\n")).toBe(true);
  expect(JSON.parse(lines[0] ?? "")).toEqual({
    _aws: {
      Timestamp: 1_717_200_000_000,
      CloudWatchMetrics: [
        {
          Namespace: "acme-test",
          Dimensions: [["service"]],
          Metrics: [
            { Name: "OutboxAge", Unit: "Seconds" },
            { Name: "EventsPublished", Unit: "Count" },
          ],
        },
      ],
    },
    service: "order-relay",
    OutboxAge: 1.5,
    EventsPublished: 3,
  });
});
