import { codeOf, messageOf } from '../../errors.js';

/** Why a port could not be bound. */
export function bindFailure(error: unknown): string {
  const code = codeOf(error);
  if (code === 'EADDRINUSE') return 'the port is taken (EADDRINUSE)';
  if (code === 'EACCES') return 'this user may not open it, as is usual below 1024 (EACCES)';
  return messageOf(error);
}
