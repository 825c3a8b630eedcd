import type { Policy } from './shapes.js';

const gcmAndSha2 = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES128-SHA256',
  'ECDHE-RSA-AES128-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES256-SHA384',
  'ECDHE-RSA-AES256-SHA384',
  'AES128-GCM-SHA256',
  'AES128-SHA256',
  'AES256-GCM-SHA384',
  'AES256-SHA256',
];
const sha1 = [
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-RSA-AES128-SHA',
  'ECDHE-RSA-AES256-SHA',
  'ECDHE-ECDSA-AES256-SHA',
  'AES128-SHA',
  'AES256-SHA',
];
const old = [
  'DHE-RSA-AES128-SHA',
  'DHE-DSS-AES128-SHA',
  'CAMELLIA128-SHA',
  'EDH-RSA-DES-CBC3-SHA',
  'DES-CBC3-SHA',
  'ECDHE-RSA-RC4-SHA',
  'RC4-SHA',
  'ECDHE-ECDSA-RC4-SHA',
  'DHE-DSS-AES256-GCM-SHA384',
  'DHE-RSA-AES256-GCM-SHA384',
  'DHE-RSA-AES256-SHA256',
  'DHE-DSS-AES256-SHA256',
  'DHE-RSA-AES256-SHA',
  'DHE-DSS-AES256-SHA',
  'DHE-RSA-CAMELLIA256-SHA',
  'DHE-DSS-CAMELLIA256-SHA',
  'CAMELLIA256-SHA',
  'EDH-DSS-DES-CBC3-SHA',
  'DHE-DSS-AES128-GCM-SHA256',
  'DHE-RSA-AES128-GCM-SHA256',
  'DHE-RSA-AES128-SHA256',
  'DHE-DSS-AES128-SHA256',
  'DHE-RSA-CAMELLIA128-SHA',
  'DHE-DSS-CAMELLIA128-SHA',
  'ADH-AES128-GCM-SHA256',
  'ADH-AES128-SHA',
  'ADH-AES128-SHA256',
  'ADH-AES256-GCM-SHA384',
  'ADH-AES256-SHA',
  'ADH-AES256-SHA256',
  'ADH-CAMELLIA128-SHA',
  'ADH-CAMELLIA256-SHA',
  'ADH-DES-CBC3-SHA',
  'ADH-DES-CBC-SHA',
  'ADH-RC4-MD5',
  'ADH-SEED-SHA',
  'DES-CBC-SHA',
  'DHE-DSS-SEED-SHA',
  'DHE-RSA-SEED-SHA',
  'EDH-DSS-DES-CBC-SHA',
  'EDH-RSA-DES-CBC-SHA',
  'IDEA-CBC-SHA',
  'RC4-MD5',
  'SEED-SHA',
  'DES-CBC3-MD5',
  'DES-CBC-MD5',
  'RC2-CBC-MD5',
  'PSK-AES256-CBC-SHA',
  'PSK-3DES-EDE-CBC-SHA',
  'KRB5-DES-CBC3-SHA',
  'KRB5-DES-CBC3-MD5',
  'PSK-AES128-CBC-SHA',
  'PSK-RC4-SHA',
  'KRB5-RC4-SHA',
  'KRB5-RC4-MD5',
  'KRB5-DES-CBC-SHA',
  'KRB5-DES-CBC-MD5',
  'EXP-EDH-RSA-DES-CBC-SHA',
  'EXP-EDH-DSS-DES-CBC-SHA',
  'EXP-ADH-DES-CBC-SHA',
  'EXP-DES-CBC-SHA',
  'EXP-RC2-CBC-MD5',
  'EXP-KRB5-RC2-CBC-SHA',
  'EXP-KRB5-DES-CBC-SHA',
  'EXP-KRB5-RC2-CBC-MD5',
  'EXP-KRB5-DES-CBC-MD5',
  'EXP-ADH-RC4-MD5',
  'EXP-RC4-MD5',
  'EXP-KRB5-RC4-SHA',
  'EXP-KRB5-RC4-MD5',
];

/** The ciphers that an SSLNegotiation policy may name (guide, "SSL negotiation configurations"). */
export const cipherNames: readonly string[] = [...gcmAndSha2, ...sha1, ...old];

/** The policy of a secure listener that was created without one (guide, "SSL negotiation configurations"). */
export const DEFAULT_SECURITY_POLICY = 'ELBSecurityPolicy-2016-08';

const tls10 = ['Protocol-TLSv1', 'Protocol-TLSv1.1', 'Protocol-TLSv1.2', 'Server-Defined-Cipher-Order'];
const ssl3 = ['Protocol-SSLv3', ...tls10];
const modern = [...gcmAndSha2, ...sha1];

// The four newest are as the guide's table has them. Of the older ones, only the names matter now
// (they cannot be attached by name); their ciphers are given here as those of 2015-05.
const predefined: Readonly<Record<string, readonly string[]>> = {
  'ELBSecurityPolicy-2016-08': [...tls10, ...modern],
  'ELBSecurityPolicy-TLS-1-2-2017-01': ['Protocol-TLSv1.2', 'Server-Defined-Cipher-Order', ...gcmAndSha2],
  'ELBSecurityPolicy-TLS-1-1-2017-01': [
    'Protocol-TLSv1.1',
    'Protocol-TLSv1.2',
    'Server-Defined-Cipher-Order',
    ...modern,
  ],
  'ELBSecurityPolicy-2015-05': [...tls10, ...modern, 'DES-CBC3-SHA'],
  'ELBSecurityPolicy-2015-03': [...tls10, ...modern, 'DES-CBC3-SHA'],
  'ELBSecurityPolicy-2015-02': [...tls10, ...modern, 'DES-CBC3-SHA'],
  'ELBSecurityPolicy-2014-10': [...tls10, ...modern, 'DES-CBC3-SHA'],
  'ELBSecurityPolicy-2014-01': [...ssl3, ...modern, 'DES-CBC3-SHA'],
  'ELBSecurityPolicy-2011-08': [...ssl3, ...modern, 'DES-CBC3-SHA'],
  'ELBSample-ELBDefaultCipherPolicy': [...ssl3, ...modern, 'DES-CBC3-SHA'],
  'ELBSample-OpenSSLDefaultCipherPolicy': [...ssl3, ...modern, 'DES-CBC3-SHA'],
};

const asPolicy = (policyName: string, enabled: readonly string[], reference: boolean): Policy => ({
  policyName,
  policyTypeName: 'SSLNegotiationPolicyType',
  attributes: [
    ...(reference ? [{ name: 'Reference-Security-Policy', value: policyName }] : []),
    ...enabled.map((name) => ({ name, value: 'true' })),
  ],
});

/** The policies that every account sees when it asks without a load balancer name. */
export const predefinedPolicies: readonly Policy[] = Object.entries(predefined).map(([name, enabled]) =>
  asPolicy(name, enabled, false),
);

/** The predefined policy as it is on a load balancer once a secure listener uses it. */
export const defaultSecurityPolicy: Policy = asPolicy(
  DEFAULT_SECURITY_POLICY,
  predefined[DEFAULT_SECURITY_POLICY] ?? [],
  true,
);
