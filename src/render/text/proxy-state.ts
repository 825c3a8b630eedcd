import type { InstancePortStatus } from '../../core/status.js';

/** The word for a port of which the service left out what would say it. */
export const notKnownState = 'not known';

/** What a port does with the PROXY line, in a word or two: `on` only where every connection carries it. */
export function proxyState({
  proxyProtocol,
  sends,
}: Pick<InstancePortStatus, 'proxyProtocol' | 'sends'>): string {
  switch (proxyProtocol) {
    case 'disabled':
      return 'off';
    case 'conflicting':
      return 'conflicting';
    case 'enabled':
      if (sends === undefined) return 'on, sending not known';
      return sends === 'none' ? 'on, not sent' : sends === 'some' ? 'on, partly sent' : 'on';
  }
}
