import { ElbProxyError } from '../../errors.js';

/** The address to connect to, to come out at a port of this machine. */
export interface Way {
  readonly host: string;
  readonly port: number;
  /** Undefined: not known, both are tried. */
  readonly tls?: boolean | undefined;
  /** Whose way it is, if its name is known. */
  readonly loadBalancer?: { readonly name: string; readonly region: string } | undefined;
  /** The addresses and instance ids that it leads to, if they are known. */
  readonly sendsTo?: readonly string[] | undefined;
}

/** A load balancer that can't be connected to by its name. */
export function noDnsName(name: string): ElbProxyError {
  return new ElbProxyError(`the service gave no DNS name of ${name}`, {
    code: 'no-dns-name',
    fault: 'service',
    hint: 'give it yourself: --through HOST:PORT',
  });
}
