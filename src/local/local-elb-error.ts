/** The reason why the local load balancer could not start. */
export type LocalElbErrorCode =
  | 'OptionInvalid'
  | 'StateFileInvalid'
  | 'SeedInvalid'
  | 'CertificateInvalid'
  | 'PortUnavailable';

/** The local load balancer could not start; nothing was changed on disk. */
export class LocalElbError extends Error {
  override readonly name = 'LocalElbError';

  constructor(
    readonly code: LocalElbErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
