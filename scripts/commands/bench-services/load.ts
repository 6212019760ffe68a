/** Asks one server again and again, and prints what that came to: a process of its own, started with an `Asking` in JSON. */
import { randomUUID } from "node:crypto";
import autocannon from "autocannon";
import type { Asking, Load } from "./measure";

async function main(): Promise<void> {
  const { url, method, path, headers, body, connections, seconds } = JSON.parse(
    process.argv[2] ?? "",
  ) as Asking;
  const { requests, latency, errors, timeouts, non2xx } = await autocannon({
    ...{ url, connections, duration: seconds },
    requests: [
      {
        ...{ method, path, headers },
        ...(body !== undefined && {
          body,
          // Each places another order.
          setupRequest: (request) => ({
            ...request,
            headers: { ...request.headers, "idempotency-key": randomUUID() },
          }),
        }),
      },
    ],
  });
  const load: Load = {
    requests: requests.total,
    requestsPerSecond: requests.average,
    p50Milliseconds: latency.p50,
    p99Milliseconds: latency.p99,
    failures: errors + timeouts + non2xx,
  };
  console.log(JSON.stringify(load));
}

void main();
