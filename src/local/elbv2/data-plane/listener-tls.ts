import type { SecureVersion, TlsOptions } from 'node:tls';
import type { ListenerV2 } from '../shapes.js';

const alpn: Readonly<Record<string, readonly string[]>> = {
  HTTP1Only: ['http/1.1', 'http/1.0'],
  HTTP2Only: ['h2'],
  HTTP2Optional: ['http/1.1', 'http/1.0', 'h2'],
  HTTP2Preferred: ['h2', 'http/1.1', 'http/1.0'],
};

/** The oldest version of a security policy, which has it in its name (guide, "Security policies"). */
function oldest(policy: string): SecureVersion {
  if (policy.includes('-1-3-')) return 'TLSv1.3';
  if (policy.includes('-1-2-')) return 'TLSv1.2';
  return policy.includes('-1-1-') ? 'TLSv1.1' : 'TLSv1';
}

/** The TLS versions and protocols of a listener. Ciphers are not followed, as with Classic Load Balancers. */
export function listenerTls({ sslPolicy = '', alpnPolicy = 'None' }: ListenerV2): TlsOptions {
  const protocols = alpn[alpnPolicy];
  return {
    minVersion: oldest(sslPolicy),
    maxVersion: sslPolicy.includes('TLS13') ? 'TLSv1.3' : 'TLSv1.2',
    // TLS 1.0 and 1.1 sign with SHA-1, which OpenSSL refuses at its usual level.
    ciphers: 'DEFAULT@SECLEVEL=0',
    ...(protocols === undefined ? {} : { ALPNProtocols: [...protocols] }),
  };
}
