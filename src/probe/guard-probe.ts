import type { LookAt, NetworkProbe } from '../app/guard/network.js';
import { usageError } from '../errors.js';
import { guardAddresses } from './guard-addresses.js';
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

const forms = 'tcp, tls, http:/path, https:/path, ws:/path, wss:/path, health or alarm:NAME';

/**
 * A guard that connects, from a user's word: `tcp`, `tls`, `http:/path`, `https:/path`, `ws:/path`, `wss:/path`.
 * Certificates are not checked: none is for the load balancer's own DNS name.
 * @throws a usage error that names the value
 */
export function guardProbe(text: string, target?: GuardTarget): NetworkProbe {
  const lookOf = lookFor(text);
  return {
    name: text,
    tls: text === 'tcp' ? undefined : /^(?:tls|https|wss)/.test(text),
    eitherWay: /^(?:http|ws)/.test(text),
    target,
    resolve: guardAddresses,
    look: async (at) => {
      const began = performance.now();
      const seen = await lookOf(at.secure)(at, lookMs);
      return { ...seen, ms: Math.round(performance.now() - began) };
    },
  };
}

function lookFor(text: string): (secure: LookAt['secure']) => Look {
  if (text === 'tcp') return () => lookTcp;
  if (text === 'tls') return () => lookTls;
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
      return (secure) => lookHttp(secure ? 'https' : 'http', path);
    case 'ws':
    case 'wss':
      return (secure) => lookWebSocket(secure ? 'wss' : 'ws', path);
    default:
      throw usageError(`--guard ${text}: not a probe`, `give ${forms}`);
  }
}
