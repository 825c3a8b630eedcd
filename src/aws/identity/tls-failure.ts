/** Whether a handshake failed because the other side does not speak TLS, by OpenSSL's words for it (`EPROTO`). */
export function isNotTls(message: string): boolean {
  return /wrong version number|packet length too long|unknown protocol|http request/i.test(message);
}

/** OpenSSL's reason out of `write EPROTO HEX:error:HEX:SSL routines:FUNCTION:REASON:FILE:LINE:`; else the whole message. */
export function tlsReason(message: string): string {
  return /:SSL routines:[^:]*:([^:]+)/.exec(message)?.[1]?.trim() ?? message;
}
