import { constants } from 'node:crypto';
import type { SecureContextOptions } from 'node:tls';
import type { Policy } from '../shapes.js';

// Classic Load Balancers know no TLS 1.3, and SSLv3 and older are in no library any more.
const versions = [
  { attribute: 'Protocol-TLSv1', off: constants.SSL_OP_NO_TLSv1 },
  { attribute: 'Protocol-TLSv1.1', off: constants.SSL_OP_NO_TLSv1_1 },
  { attribute: 'Protocol-TLSv1.2', off: constants.SSL_OP_NO_TLSv1_2 },
] as const;

const enables = (policy: Policy, attribute: string): boolean =>
  policy.attributes.some(({ name, value }) => name === attribute && value.toLowerCase() === 'true');

/**
 * The TLS versions that a listener's SSL negotiation policy enables, as options of a secure context. Its ciphers are
 * not followed: which of them are possible depends on the certificate, which is not the one in AWS.
 */
export function tlsVersions(policies: readonly Policy[]): SecureContextOptions {
  const negotiation = policies.filter(({ policyTypeName }) => policyTypeName === 'SSLNegotiationPolicyType');
  const off = versions.filter(({ attribute }) => !negotiation.some((policy) => enables(policy, attribute)));
  return {
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.2',
    secureOptions: off.reduce((options, version) => options | version.off, 0),
    // TLS 1.0 and 1.1 sign with SHA-1, which OpenSSL refuses at its usual level.
    ciphers: 'DEFAULT@SECLEVEL=0',
  };
}
