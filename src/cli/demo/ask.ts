import { request } from 'node:http';

/** The answer that a client got. */
export interface Asked {
  /** The status and the body, as a person would note them: `HTTP 200: hello, 127.0.0.2`. */
  readonly said: string;
  readonly status: number | undefined;
}

/** One HTTP request on a connection of its own, from a loopback address of its own if the machine has one. */
export function ask(host: string, port: number, from: string | undefined): Promise<Asked> {
  return new Promise((resolve) => {
    const outgoing = request(
      {
        host,
        port,
        path: '/',
        agent: false,
        signal: AbortSignal.timeout(3000),
        ...(from === undefined ? {} : { localAddress: from }),
      },
      (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => (body += text));
        response.on('end', () => {
          const text = body.trim();
          resolve({
            said: `HTTP ${response.statusCode ?? 0}${text === '' ? '' : `: ${text}`}`,
            status: response.statusCode,
          });
        });
      },
    );
    outgoing.once('error', (error) => resolve({ said: `no answer: ${error.message}`, status: undefined }));
    outgoing.end();
  });
}
