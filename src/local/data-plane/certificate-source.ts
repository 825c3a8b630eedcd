import { createSecureContext } from 'node:tls';
import { messageOf } from '../../errors.js';
import { LocalElbError } from '../local-elb-error.js';
import type { Certificate } from './make-certificate.js';

export type { Certificate };

/** Gives the certificate of all secure listeners. */
export type CertificateSource = () => Promise<Certificate>;

// Behind a file of its own: the library is CommonJS, whose names a bundle loses in a dynamic import.
const selfSigned = async (): Promise<Certificate> =>
  (await import('./make-certificate.js')).makeCertificate();

function check(certificate: Certificate): void {
  try {
    createSecureContext(certificate);
  } catch (cause) {
    const reason = messageOf(cause);
    throw new LocalElbError('CertificateInvalid', `The certificate and its key are not usable: ${reason}.`, {
      cause,
    });
  }
}

/**
 * The certificate that was given, or one for `localhost` that is made at the first call: most load balancers
 * never need it. The certificate of a listener's SSLCertificateId is in AWS, so all listeners here show the same.
 *
 * @throws {@link LocalElbError} for a certificate that was given and does not match its key.
 */
export function certificateSource(given: Certificate | undefined): CertificateSource {
  if (given !== undefined) check(given);
  let made: Promise<Certificate> | undefined;
  return async () => given ?? (await (made ??= selfSigned()));
}
