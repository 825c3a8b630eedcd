import type { Policy } from '../core/model.js';
import type { LockHolder } from './ports.js';

/** The name of the lock: every run uses the same one. */
export const lockPolicyName = 'elb-proxy-lock';

/** A type whose attribute takes free text, and which no TCP listener or instance port can have attached. */
const lockPolicyType = 'AppCookieStickinessPolicyType';
const attribute = 'CookieName';

/** A run's hold on a load balancer, as stored in the lock's policy. */
export interface Hold extends LockHolder {
  /** Distinguishes one hold from every other: the service answers 200 to an identical policy, so no two may be identical. */
  readonly nonce: string;
}

/**
 * The policy that is the lock. Nothing is published about what a CookieName may hold, so only characters are used
 * that well-known application cookies have (`ASP.NET_SessionId`, `connect.sid`): letters, digits, dots, dashes.
 */
export function lockPolicy({ host, pid, since, nonce }: Hold): Policy {
  const text = ['elb-proxy', plain(host), pid, since.replaceAll(/[-:]|\.\d+/g, ''), nonce].join('.');
  return { name: lockPolicyName, type: lockPolicyType, attributes: [{ name: attribute, value: text }] };
}

/** Who holds a lock; undefined if the policy is not a lock of this tool. */
export function holdOf({ type, attributes }: Policy): Hold | undefined {
  const text = attributes.find(({ name }) => name === attribute)?.value ?? '';
  const [, host, pid, year, month, day, hours, minutes, seconds, nonce] = form.exec(text) ?? [];
  if (type !== lockPolicyType || host === undefined || nonce === undefined) return undefined;
  const since = `${year}-${month}-${day}T${hours}:${minutes}:${seconds}.000Z`;
  return { host, pid: Number(pid), since, nonce };
}

const form =
  /^elb-proxy\.([A-Za-z0-9.-]{1,100})\.(\d{1,10})\.(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.([0-9a-f]{8,64})$/;

/** A host name, reduced to the characters that a lock may have. */
function plain(host: string): string {
  return host.replaceAll(/[^A-Za-z0-9.-]/g, '-').slice(0, 100) || 'unknown';
}

/** Whether a host name is the one in a lock. */
export function isLockHost(inLock: string, host: string): boolean {
  return inLock === plain(host);
}
