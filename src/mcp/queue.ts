import { AppError } from "../base/error.ts";

/** Works things off one after the other, in the order they came. */
export interface Queue {
  /** @throws AppError `store_busy` where too many wait already; and what the work throws. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when nothing is left to do, or after so long. */
  idle(timeoutMs: number): Promise<void>;
}

export function openQueue(waitingMax: number): Queue {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return {
    inTurn: (work) => {
      if (waiting >= waitingMax) {
        return Promise.reject(
          new AppError(
            "store_busy",
            `${waiting} calls wait already.`,
            "Wait for their answers, then call again.",
          ),
        );
      }
      waiting += 1;
      const result = last.then(work);
      last = result
        .catch(() => undefined)
        .finally(() => {
          waiting -= 1;
        });
      return result;
    },
    idle: (timeoutMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        void last.then(() => {
          clearTimeout(timer);
          resolve();
        });
      }),
  };
}
