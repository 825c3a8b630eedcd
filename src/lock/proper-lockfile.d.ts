/** What is used of proper-lockfile 4.1, which ships no types. */
declare module 'proper-lockfile' {
  /** Rejects with a `code` of `ELOCKED` where someone has the lock; gives what releases it. */
  export function lock(
    file: string,
    options: {
      /** Milliseconds without a sign of life after which a lock is broken. */
      readonly stale: number;
      /** Milliseconds between signs of life. */
      readonly update?: number;
      /** Whether `file` must exist. */
      readonly realpath: boolean;
      readonly onCompromised?: (error: Error) => void;
    },
  ): Promise<() => Promise<void>>;
}
