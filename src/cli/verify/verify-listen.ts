import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { type Heard, type ListenPorts, type Sink, unmetExpectation } from '../../app/verify-listen.js';
import { connectionVerdicts } from '../../core/verify-connection.js';
import { targetName } from '../../core/verify-result.js';
import { usageError } from '../../errors.js';
import type { ListenDocument } from '../../render/json/verify.js';
import type { Style } from '../../render/style.js';
import type { Context } from '../context.js';
import type { Given } from '../define.js';
import type { ExitCode } from '../exit-codes.js';
import { portNumber } from '../quantities.js';
import { sayFailure } from '../say-failure.js';
import { withNext } from './listen-next.js';
import { boundsOf, checkOptions, expectationOf, portTextOf, type verifyOptions } from './verify-options.js';
import type { Way } from './way.js';
import { wayThrough } from './way-through.js';

/** `elb-proxy verify listen`. */
export async function verifyListen(
  named: readonly string[],
  { options }: Given<typeof verifyOptions>,
  context: Context,
): Promise<ExitCode> {
  checkOptions(options, 'listen');
  if (named[0] !== undefined)
    throw usageError(`unexpected argument ${JSON.stringify(named[0])}`, 'verify listen takes no HOST:PORT');
  const text = portTextOf(options);
  if (text === undefined) throw usageError('--port is missing', 'usage: elb-proxy verify listen --port N');
  const port = text === '0' ? 0 : portNumber('--port', text);
  const host = options.host ?? '127.0.0.1';
  if (isIP(host) === 0)
    throw usageError(`--host ${host}: give an IP address of this machine`, '0.0.0.0 binds them all');
  const expected = expectationOf(options, connectionVerdicts);
  const { count, timeoutMs } = boundsOf(options);
  const way = await wayThrough(options, port, context);
  const { signal } = context.io;
  const { verifyListen: listen } = await import('../../app/verify-listen.js');
  return context.untilFinished(
    listen(await portsOf(host, port, way, timeoutMs), {
      count: way === undefined ? count : undefined,
      timeoutMs: way === undefined ? timeoutMs : undefined,
      signal,
      onListening: (sink) => void announce(sink, way, context),
      onConnection: (connection) => void showConnection(connection, context),
    }).then((heard) =>
      report(
        withNext(heard, way, { options, port, host }),
        expected,
        count !== undefined || timeoutMs !== undefined || way !== undefined,
        context,
      ),
    ),
  );
}

async function portsOf(
  host: string,
  port: number,
  way: Way | undefined,
  timeoutMs: number | undefined,
): Promise<ListenPorts> {
  const { openSink } = await import('../../probe/listen/open-sink.js');
  const { reachThrough } = await import('../../probe/listen/reach-through.js');
  const nonce = randomBytes(12).toString('hex');
  const ours = new Set<string>();
  return {
    openSink: (onConnection) => openSink({ host, port, nonce, ours, onConnection }),
    ...(way === undefined
      ? {}
      : {
          reach: (arrived, signal) =>
            reachThrough({ ...way, nonce, ours, timeoutMs: timeoutMs ?? 10_000, arrived, signal }),
        }),
  };
}

async function announce(sink: Sink, way: Way | undefined, context: Context): Promise<void> {
  const { reachableAddresses } = await import('../../probe/listen/reachable-addresses.js');
  const addresses = reachableAddresses(sink.host).map((host) => targetName({ host, port: sink.port }));
  const reach =
    addresses.length === 0
      ? 'only this machine can reach it (--host 0.0.0.0 binds every address)'
      : `the load balancer must reach ${addresses.join(' or ')}`;
  const then = way === undefined ? 'Ctrl-C ends it' : `connecting through ${targetName(way)}`;
  const { joinLines, paragraph } = await import('../../render/text/paragraph.js');
  const text = `listening on ${targetName(sink)}; ${reach}; ${then}`;
  await context.say((style) => joinLines(paragraph(text, style, { hanging: 2 })));
}

/** As text a connection is shown when it comes; in the other formats all are in one document. */
async function showConnection(connection: Heard['connections'][number], context: Context): Promise<void> {
  if (context.output !== 'text') return;
  const { renderConnection } = await import('../../render/text/verify-listen.js');
  await context.print(connection, (shown, style) => `${renderConnection(shown, style)}\n`);
}

async function report(
  heard: Heard,
  expected: (typeof connectionVerdicts)[number] | undefined,
  bounded: boolean,
  context: Context,
): Promise<ExitCode> {
  const { listenDocument } = await import('../../render/json/verify.js');
  await context.print(listenDocument(heard), await renderer(context));
  // Without a bound Ctrl-C is how it ends.
  if (heard.ended === 'interrupted' && bounded) return 130;
  const unmet = expected === undefined ? undefined : unmetExpectation(heard, expected);
  if (unmet !== undefined) {
    await sayFailure('expectation-not-met', `expected ${expected}: ${unmet}`, context);
    return 4;
  }
  return expected === undefined && heard.through !== undefined && heard.through.outcome !== 'arrived' ? 4 : 0;
}

async function renderer({ output }: Context): Promise<(document: ListenDocument, style: Style) => string> {
  if (output !== 'markdown') return (await import('../../render/text/verify-listen.js')).renderListenClosing;
  const { renderListenMarkdown } = await import('../../render/markdown/verify-connections.js');
  return (document) => renderListenMarkdown(document);
}
