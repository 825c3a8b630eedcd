import type { Protocol } from '../shapes.js';

/** What a health check goes to. */
export interface HealthTarget {
  readonly protocol: Protocol;
  readonly port: number;
  /** HTTP and HTTPS only. */
  readonly path: string;
}

/** A health check's target (`TCP:8443`, `HTTP:80/health`) in its parts; it was checked when it was set. */
export function healthTarget(target: string): HealthTarget {
  const [, protocol = 'TCP', port = '0', path = ''] = /^(\w+):(\d+)(.*)$/s.exec(target) ?? [];
  return { protocol: protocol as Protocol, port: Number(port), path };
}
