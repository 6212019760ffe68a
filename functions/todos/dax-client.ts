import { DaxDocument } from "@amazon-dax-sdk/lib-dax";
import type { DaxClient } from "./dax-reader";

/**
 * Connects to a DAX cluster with the function's own credentials.
 *
 * In a file of its own, loaded only now: the client is three times as large as the rest of the function. See `lazyFiles` in function.json.
 *
 * @param endpoint of the cluster, e.g. `daxs://todos.abc123.dax-clusters.eu-west-1.amazonaws.com`
 */
export function connectToDax(endpoint: string): DaxClient {
  const client = new DaxDocument({
    endpoint,
    // The reader gives up before either; these end what it has given up.
    connectTimeout: 2000,
    requestTimeout: 2000,
    maxRetries: 0,
  });
  return {
    get: (input) => client.get(input),
    query: (input) => client.query(input),
  };
}
