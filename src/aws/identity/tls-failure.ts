/**
 * Whether a handshake failed because the other side does not speak TLS: what came is not a record of it. The wording is
 * OpenSSL's, in an error of code `EPROTO`.
 */
export function isNotTls(message: string): boolean {
  return /wrong version number|packet length too long|unknown protocol|http request/i.test(message);
}

/** OpenSSL's reason out of `write EPROTO HEX:error:HEX:SSL routines:FUNCTION:REASON:FILE:LINE:`; else the whole message. */
export function tlsReason(message: string): string {
  return /:SSL routines:[^:]*:([^:]+)/.exec(message)?.[1]?.trim() ?? message;
}
