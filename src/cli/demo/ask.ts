import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { messageOf } from '../../errors.js';

/** The answer that a client got. */
export interface Asked {
  /** The status and the body, as a person would note them: `HTTP 200: hello, 127.0.0.2`. */
  readonly said: string;
  readonly status: number | undefined;
}

/** One HTTP request on a connection of its own, from a loopback address of its own if the machine has one. */
export async function ask(host: string, port: number, from: string | undefined): Promise<Asked> {
  try {
    const outgoing = request({
      host,
      port,
      path: '/',
      agent: false,
      signal: AbortSignal.timeout(3000),
      ...(from === undefined ? {} : { localAddress: from }),
    }).end();
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    const body = (await text(response)).trim();
    const status = response.statusCode;
    return { said: `HTTP ${status ?? 0}${body === '' ? '' : `: ${body}`}`, status };
  } catch (error) {
    return { said: `no answer: ${messageOf(error)}`, status: undefined };
  }
}
