import type { DaxClient } from "./dax-reader";

/**
 * Connects to a DAX cluster with the function's own credentials.
 *
 * Loads the client only now: without a cluster its code is never run.
 *
 * @param endpoint of the cluster, e.g. `daxs://todos.abc123.dax-clusters.eu-west-1.amazonaws.com`
 */
export async function connectToDax(endpoint: string): Promise<DaxClient> {
  const { DaxDocument } = await import("@amazon-dax-sdk/lib-dax");
  const client = new DaxDocument({
    endpoint,
    // The reader gives up before either; these end what it has given up.
    connectTimeout: 1000,
    requestTimeout: 1000,
    maxRetries: 0,
  });
  return {
    get: (input) => client.get(input),
    query: (input) => client.query(input),
  };
}
