/**
 * Whose move it is after an error:
 * `user` (input, configuration, credentials), `service` (the API said no or broke),
 * `world` (something moved, or the change was refused for safety), `tool` (a defect of ours).
 */
export type Fault = 'user' | 'service' | 'world' | 'tool';

/** What an {@link ElbProxyError} carries besides its message. */
export interface ErrorDetails {
  /** Stable code: the service's wire code (`LoadBalancerNotFound`), or one of this tool's own (`usage`, `stale-plan`). */
  readonly code: string;
  readonly fault: Fault;
  /** What to do next, as one sentence or a command. */
  readonly hint?: string | undefined;
  /** The service's request id, where an answer came. */
  readonly requestId?: string | undefined;
  readonly cause?: unknown;
}

/** The one error type that the library throws on purpose; anything else that escapes is a defect. */
export class ElbProxyError extends Error {
  override readonly name = 'ElbProxyError';
  readonly code: string;
  readonly fault: Fault;
  readonly hint: string | undefined;
  readonly requestId: string | undefined;

  constructor(message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.fault = details.fault;
    this.hint = details.hint;
    this.requestId = details.requestId;
  }
}

/** Input that cannot be used: names the field and the value in its message, the way out in its hint. */
export function usageError(message: string, hint?: string): ElbProxyError {
  return new ElbProxyError(message, { code: 'usage', fault: 'user', hint });
}

/** Something moved, or a change was refused for safety: says what in its message, the way out in its hint. */
export function worldError(message: string, code: string, hint: string): ElbProxyError {
  return new ElbProxyError(message, { code, fault: 'world', hint });
}

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The same, for a message that names the file: without the call and the path that the system's errors end in. */
export function reasonOf(error: unknown): string {
  const message = messageOf(error);
  const [, code, words] = /^([A-Z][A-Z0-9]+): ([^,]+), \w+(?: '.*)?$/s.exec(message) ?? [];
  return code === undefined ? message : `${words} (${code})`;
}

/** The code of an error of the system (`ENOENT`), a library or this tool; undefined if it has none. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
