import { createServer, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One API call on its way through the relay. */
export interface RelayedCall {
  /** Where both APIs have an action of that name, the newer one's is `elbv2 DescribeLoadBalancers`. */
  readonly action: string;
  readonly parameters: URLSearchParams;
  /** How often this action has been called, this call included. */
  readonly nth: number;
}

/**
 * What the relay does with a call: pass it on; answer an error itself; cut the connection before the call is carried
 * out, or after it was; or answer with anything.
 */
export type Verdict =
  | 'pass'
  | { readonly error: string; readonly status?: number; readonly message?: string }
  | 'cut-before'
  | 'cut-after'
  | { readonly status: number; readonly body: string };

/** Is asked about each call, and may do things of its own before it answers. */
export type Tamper = (call: RelayedCall, headers: NodeJS.Dict<string | string[]>) => Promise<Verdict>;

/** A relay between the program and the local service and tampers with calls. */
export interface Relay extends AsyncDisposable {
  readonly endpoint: string;
  /** Every call that was seen, in order. */
  readonly calls: readonly RelayedCall[];
  /** The calls that would change something. */
  readonly writes: () => readonly string[];
}

function actionIn(parameters: URLSearchParams): string {
  const action = parameters.get('Action') ?? '';
  const ofBoth = /^Describe(?:LoadBalancers|Tags|AccountLimits)$/.test(action);
  return ofBoth && parameters.get('Version') === '2015-12-01' ? `elbv2 ${action}` : action;
}

/** Starts a relay to an endpoint. */
export async function startRelay(target: string, tamper: Tamper = async () => 'pass'): Promise<Relay> {
  const calls: RelayedCall[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      const parameters = new URLSearchParams(body.toString());
      const action = actionIn(parameters);
      const call = {
        action,
        parameters,
        nth: calls.filter((earlier) => earlier.action === action).length + 1,
      };
      calls.push(call);
      tamper(call, incoming.headers)
        .then((verdict) => carryOut(verdict, body, incoming.headers, outgoing))
        // A call of a program that was killed may come through when the service is already gone.
        .catch(() => outgoing.destroy());
    });
  });

  async function carryOut(
    verdict: Verdict,
    body: Buffer,
    headers: NodeJS.Dict<string | string[]>,
    outgoing: ServerResponse,
  ) {
    if (verdict === 'cut-before') return void outgoing.socket?.resetAndDestroy();
    if (typeof verdict === 'object') {
      const text = 'body' in verdict ? verdict.body : errorBody(verdict.error, verdict.message ?? 'tampered');
      const status = 'body' in verdict ? verdict.status : (verdict.status ?? 400);
      return void outgoing
        .writeHead(status, { 'content-type': 'text/xml', 'x-amzn-requestid': 'relay' })
        .end(text);
    }
    const answer = await pass(target, body, headers);
    if (verdict === 'cut-after') return void outgoing.socket?.resetAndDestroy();
    outgoing.writeHead(answer.status, answer.headers).end(answer.body);
  }

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    writes: () => calls.map(({ action }) => action).filter((action) => !/^(?:elbv2 )?Describe/.test(action)),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

interface PassedAnswer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: Buffer;
}

function pass(target: string, body: Buffer, headers: NodeJS.Dict<string | string[]>): Promise<PassedAnswer> {
  return new Promise((resolve, reject) => {
    const { host } = new URL(target);
    const outgoing = request(target, { method: 'POST', headers: { ...headers, host } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 500, headers: answer.headers, body: Buffer.concat(chunks) }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function errorBody(code: string, message: string): string {
  return `<ErrorResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2012-06-01/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>relay</RequestId></ErrorResponse>`;
}
