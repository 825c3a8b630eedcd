import { randomBytes } from 'node:crypto';

/** A change's name: when it began (UTC), so that names sort by time, and enough chance to be the only one. */
export function newChangeId(now: Date): string {
  const [day, time] = now.toISOString().replaceAll(/[-:]/g, '').split('T');
  return `${day}-${time?.slice(0, 6)}-${randomBytes(3).toString('hex')}`;
}
