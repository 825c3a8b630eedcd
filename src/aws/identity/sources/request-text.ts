import http, { type Agent } from 'node:http';
import https from 'node:https';

/** A request to this machine's own metadata: small, quick, without a client of AWS's. */
interface MetadataRequest {
  readonly method?: 'GET' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  /** Until the connection is there, and again from there to the answer, in milliseconds. */
  readonly timeout: number;
  readonly agent?: Agent | undefined;
}

/** The text of an answer and its status; rejects if none came. */
export function requestText(
  url: string,
  { method = 'GET', headers = {}, timeout, agent }: MetadataRequest,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const { request } = url.startsWith('https:') ? https : http;
    const sent = request(url, { method, headers, agent, timeout }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') });
      });
    });
    sent.once('timeout', () => sent.destroy(Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' })));
    sent.once('error', reject);
    sent.end();
  });
}
