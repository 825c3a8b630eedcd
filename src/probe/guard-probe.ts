import type { GuardProbe, GuardSight } from '../app/ports.js';
import { usageError } from '../errors.js';
import { type Look, lookHttp } from './look-http.js';
import { lookTcp, lookTls } from './look-tcp.js';
import { lookWebSocket } from './look-web-socket.js';

/** Where a probe connects to, when it is not the load balancer's own listener. */
export interface GuardTarget {
  readonly host: string;
  readonly port: number;
}

/** Milliseconds that one look may take. */
const lookMs = 3000;

const forms = 'tcp, tls, http:/path, https:/path, ws:/path or wss:/path';

/**
 * A guard's probe from how a user writes it: `tcp`, `tls`, `http:/path`, `https:/path`, `ws:/path`, `wss:/path`.
 * Certificates are not checked: no certificate is for the load balancer's own DNS name, and the question is whether
 * traffic gets through.
 *
 * @throws a usage error that names the value
 */
export function guardProbe(text: string, target?: GuardTarget): GuardProbe {
  const look = lookOf(text);
  return {
    name: text,
    tls: text === 'tcp' ? undefined : /^(?:tls|https|wss)/.test(text),
    check: async (listener): Promise<GuardSight> => {
      const { host, port } = target ?? listener;
      const began = performance.now();
      const seen = await look(host, port, lookMs);
      return {
        target: `${host.includes(':') ? `[${host}]` : host}:${port}`,
        ...seen,
        ms: Math.round(performance.now() - began),
      };
    },
  };
}

function lookOf(text: string): Look {
  if (text === 'tcp') return lookTcp;
  if (text === 'tls') return lookTls;
  const [, scheme = '', path = ''] = /^(https?|wss?)(?::(.*))?$/s.exec(text) ?? [];
  if (scheme !== '' && !/^(?!\/\/)\/[!"$-~]*$/.test(path)) {
    throw usageError(
      `--guard ${JSON.stringify(text)}: ${scheme} needs a path, in printable ASCII without spaces and #`,
      `give the path alone, as ${scheme}:/health; it goes to the load balancer's listener, or to --guard-target HOST:PORT`,
    );
  }
  switch (scheme) {
    case 'http':
    case 'https':
      return lookHttp(scheme, path);
    case 'ws':
    case 'wss':
      return lookWebSocket(scheme, path);
    default:
      throw usageError(`--guard ${text}: there is no such probe`, `give ${forms}`);
  }
}
