import type { AwsCall } from '../aws/calls.js';

/** One API call as `--debug` shows it. */
export function debugLine({
  api,
  action,
  region,
  loadBalancer,
  attempt,
  maxAttempts,
  httpStatus,
  requestId,
  errorCode,
  durationMs,
}: AwsCall): string {
  const parts = [
    api === undefined ? action : `elbv2 ${action}`,
    region,
    ...(loadBalancer === undefined ? [] : [loadBalancer]),
    `attempt ${attempt}/${maxAttempts}`,
    httpStatus === undefined ? 'no answer' : `HTTP ${httpStatus}`,
    ...(errorCode === undefined ? [] : [errorCode]),
    `${Math.round(durationMs)} ms`,
    ...(requestId === undefined ? [] : [`request id ${requestId}`]),
  ];
  return `debug: ${parts.join('  ')}`;
}
