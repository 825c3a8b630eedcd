/** Why a connection failed, in a few words, naming the same probe with or without TLS: `http:/health`, `https:/health`. */
export function failureWords(
  error: Error & { readonly code?: string | undefined },
  { plain, secure }: { readonly plain?: string; readonly secure?: string } = {},
): string {
  const code = error.code ?? error.name;
  switch (code) {
    case 'ABORT_ERR':
    case 'AbortError':
    case 'TimeoutError':
    case 'ETIMEDOUT':
      return 'no answer in time';
    case 'ECONNREFUSED':
      return 'connection refused';
    case 'ECONNRESET':
    case 'EPIPE':
      return 'connection closed without an answer';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the name is unknown';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return "that address can't be reached from here";
  }
  const refusal = tlsRefusal(error);
  if (refusal !== undefined) return refusal;
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
    const instead = plain === undefined ? '' : `; if the listener is TCP, use ${plain}`;
    return `what answered is not TLS${instead}`;
  }
  if (code.startsWith('HPE_')) {
    const instead = secure === undefined ? '' : `; if the listener speaks TLS, use ${secure}`;
    return `what answered is not HTTP${instead}`;
  }
  return `failed: ${error.code ?? error.message.slice(0, 80)}`;
}

/** A TLS alert comes from a peer that speaks TLS: OpenSSL names it in the code, or, as EPROTO, in the message. */
function tlsRefusal({
  code = '',
  message,
}: Error & { readonly code?: string | undefined }): string | undefined {
  const [, alert] =
    /^ERR_SSL_(?:SSLV3|TLSV1|TLSV13)_ALERT_(\w+)$/.exec(code) ??
    /(?:sslv3|tlsv1|tlsv13) alert ([a-z ]+)/.exec(message) ??
    [];
  return alert === undefined
    ? undefined
    : `TLS was refused (alert: ${alert.toLowerCase().replaceAll('_', ' ').trim()})`;
}
