const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Takes the signals that ask this process to end, for as long as some work is under way.
 *
 * @param onSignal what is done with them in place of ending, such as asking a child process to end
 * @returns what `work` returns
 */
export async function withSignals<T>(onSignal: () => void, work: () => Promise<T>): Promise<T> {
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    return await work();
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  }
}
