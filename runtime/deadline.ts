/** The work was not done in time. */
export class DeadlineExceeded extends Error {
  constructor(milliseconds: number) {
    super(`not done within ${milliseconds} ms`);
    this.name = "DeadlineExceeded";
  }
}

/**
 * Runs work for at most some time.
 *
 * @param run receives a signal that is aborted at the deadline, so that what is under way can be given up
 * @throws DeadlineExceeded at the deadline, whether the work heeds the signal or not
 */
export async function withDeadline<T>(
  milliseconds: number,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new DeadlineExceeded(milliseconds));
      controller.abort();
    }, milliseconds);
  });
  try {
    return await Promise.race([run(controller.signal), expired]);
  } finally {
    clearTimeout(timer);
  }
}
