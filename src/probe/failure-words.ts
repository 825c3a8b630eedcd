/** Why a connection failed, in a few words. */
export function failureWords(error: Error & { readonly code?: string | undefined }): string {
  switch (error.code ?? error.name) {
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
      return 'the name is not known';
    default:
      return `failed: ${error.code ?? error.message.slice(0, 80)}`;
  }
}
