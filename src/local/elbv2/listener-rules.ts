import { checkCertificate } from '../listener-rules.js';
import { optionalStringList, structureList } from '../request-lists.js';
import { type Parameters, requiredString } from '../request-parameters.js';
import { ServiceError, validationError } from '../service-error.js';
import type { ListenerV2, ProtocolV2 } from './shapes.js';

/** The security policy of a secure listener for which none was named. */
const DEFAULT_SSL_POLICY = 'ELBSecurityPolicy-2016-08';

const alpnPolicies = ['HTTP1Only', 'HTTP2Only', 'HTTP2Optional', 'HTTP2Preferred', 'None'];

/** The parts of a listener that only secure ones have. */
export type SecureParts = Pick<ListenerV2, 'certificateArn' | 'sslPolicy' | 'alpnPolicy'>;

function parseCertificate(parameters: Parameters): string | undefined {
  const all = structureList(parameters, 'Certificates');
  if (all.length > 1) {
    throw new ServiceError('TooManyCertificates', 'A listener can have only one default certificate');
  }
  const [one] = all;
  if (one === undefined) return undefined;
  return checkCertificate(requiredString(one, 'CertificateArn', 'certificates.1.member.certificateArn'));
}

function parseSslPolicy(parameters: Parameters): string | undefined {
  const name = parameters.get('SslPolicy');
  if (!name) return undefined;
  if (/^ELBSecurityPolicy-[A-Za-z0-9-]+$/.test(name)) return name;
  throw new ServiceError('SSLPolicyNotFound', `SSL policy '${name}' not found`);
}

function parseAlpn(parameters: Parameters, protocol: ProtocolV2): string | undefined {
  const [name, ...more] = optionalStringList(parameters, 'AlpnPolicy') ?? [];
  if (name === undefined) return undefined;
  if (protocol !== 'TLS')
    throw validationError(`An ALPN policy cannot be specified for ${protocol} listeners`);
  if (more.length > 0) throw validationError('Only one ALPN policy can be specified');
  if (alpnPolicies.includes(name)) return name;
  throw new ServiceError('ALPNPolicyNotFound', `ALPN policy '${name}' not found`);
}

/** A listener's TLS settings from a request; those that it leaves out stay as they are. */
export function parseSecureParts(
  parameters: Parameters,
  protocol: ProtocolV2,
  present: SecureParts = {},
): SecureParts {
  const certificateArn = parseCertificate(parameters);
  const sslPolicy = parseSslPolicy(parameters);
  const alpnPolicy = parseAlpn(parameters, protocol) ?? (protocol === 'TLS' ? present.alpnPolicy : undefined);
  if (protocol !== 'TLS' && protocol !== 'HTTPS') {
    if (certificateArn !== undefined) {
      throw validationError(`A certificate cannot be specified for ${protocol} listeners`);
    }
    return {};
  }
  const certificate = certificateArn ?? present.certificateArn;
  if (certificate === undefined) {
    throw validationError(`A certificate must be specified for ${protocol} listeners`);
  }
  return {
    certificateArn: certificate,
    sslPolicy: sslPolicy ?? present.sslPolicy ?? DEFAULT_SSL_POLICY,
    ...(alpnPolicy === undefined ? {} : { alpnPolicy }),
  };
}
