/** Bounds on waiting, in milliseconds, so that a black hole never hangs a command. */
export interface Timeouts {
  /** Until the connection is established. */
  readonly connect: number;
  /** From the request to the head of its answer, and again from there to the answer's end. */
  readonly request: number;
}

/** The bounds in use unless a test says otherwise. */
export const defaultTimeouts: Timeouts = { connect: 5_000, request: 30_000 };
