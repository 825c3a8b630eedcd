import type { LoadBalancer } from '../core/model.js';
import { sectionName } from './words.js';

/** The path that is in the configuration if no certificate was given. */
export function certificatePlaceholder({ name }: Pick<LoadBalancer, 'name'>): string {
  return `/etc/haproxy/${sectionName(name)}.pem`;
}
