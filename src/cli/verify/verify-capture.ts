import { type JudgedCapture, unmetInCapture } from '../../app/verify-capture.js';
import { type ConnectionReport, connectionVerdicts } from '../../core/verify-connection.js';
import { usageError } from '../../errors.js';
import type { CaptureSource } from '../../probe/capture/open-capture.js';
import type { Context } from '../context.js';
import type { Given } from '../define.js';
import type { ExitCode } from '../exit-codes.js';
import { portNumber } from '../quantities.js';
import { sayFailure } from '../say-failure.js';
import { boundsOf, checkOptions, expectationOf, type verifyOptions } from './verify-options.js';

/** Prints results as they are found. */
interface Pages {
  readonly connection: (report: ConnectionReport) => void;
  /** Prints what has come, and resolves when there is room for more. */
  readonly room: () => Promise<void>;
  readonly end: (judged: JudgedCapture) => Promise<void>;
}

const usage = 'usage: elb-proxy verify capture FILE --port N; - reads from tcpdump -w -';
/** The time in which tcpdump, ended by the same Ctrl-C, writes its last packets. */
const lingerMs = 300;

/** `elb-proxy verify capture`. */
export async function verifyCapture(
  named: readonly string[],
  { options }: Given<typeof verifyOptions>,
  context: Context,
): Promise<ExitCode> {
  checkOptions(options, 'capture');
  const [file, another] = named;
  if (file === undefined || file === '') throw usageError('the capture is missing', usage);
  if (another !== undefined)
    throw usageError(`unexpected argument ${JSON.stringify(another)}`, 'verify capture reads one file');
  const ports = [...new Set(options.port.map((text) => portNumber('--port', text)))];
  if (ports.length === 0) throw usageError('--port is missing: the instance port', usage);
  const expected = expectationOf(options, connectionVerdicts);
  const { count, timeoutMs } = boundsOf(options);
  const source = await sourceOf(file, context);
  const { verifyCapture: verify } = await import('../../app/verify-capture.js');
  const { readCapture } = await import('../../probe/capture/read-capture.js');
  const pages = await pagesOf(file, ports, context);
  const bounded = count !== undefined || timeoutMs !== undefined || !source.live;
  return context.untilFinished(
    verify(
      (listener, signal) =>
        readCapture(source, { ports: new Set(ports), ...listener, room: pages.room }, signal),
      {
        count,
        timeoutMs,
        signal: context.io.signal,
        lingerMs: source.live ? lingerMs : 0,
        onConnection: pages.connection,
      },
    ).then(async (judged) => {
      await pages.end(judged);
      // Without a bound, Ctrl-C is how reading a pipe ends.
      if (judged.ended === 'interrupted' && bounded) return 130;
      const unmet = expected === undefined ? undefined : unmetInCapture(judged, expected);
      if (unmet === undefined) return 0;
      await sayFailure('expectation-not-met', `expected ${expected}: ${unmet}`, context);
      return 4;
    }),
  );
}

async function sourceOf(file: string, { io }: Context): Promise<CaptureSource> {
  const { openCapture, pipedCapture } = await import('../../probe/capture/open-capture.js');
  if (file !== '-') return openCapture(file);
  if (io.stdin.isTerminal)
    throw usageError(
      'standard input is a terminal, not a capture',
      "pipe one in: tcpdump -s 0 -U -w - 'tcp port N' | elb-proxy verify capture - --port N",
    );
  return pipedCapture(io.stdin.stream);
}

/** Markdown is one table, printed once all of it is known; of a long capture it has the beginning. */
async function markdownPages(ports: readonly number[], { printPart }: Context): Promise<Pages> {
  const { captureClosing } = await import('../../render/json/verify.js');
  const { capturePage } = await import('../../render/markdown/verify-connections.js');
  const page = capturePage();
  return {
    connection: page.add,
    room: () => Promise.resolve(),
    end: (judged) =>
      printPart({ json: () => '', text: () => page.render({ ...captureClosing(judged), ports }) }),
  };
}

async function pagesOf(file: string, ports: readonly number[], context: Context): Promise<Pages> {
  if (context.output === 'markdown') return markdownPages(ports, context);
  const { captureClosing, captureParts } = await import('../../render/json/verify.js');
  const { renderConnection } = await import('../../render/text/verify-listen.js');
  const { renderCaptureClosing } = await import('../../render/text/verify-capture.js');
  const parts = captureParts(file, ports);
  let pending: ConnectionReport[] = [];
  let begun = false;
  /** Not before there is something: until then an error may have to be the one document. */
  const head = (): string => {
    const first = begun ? '' : parts.head;
    begun = true;
    return first;
  };
  // All that a piece of the input gave at once: a promise for each would outweigh the reports.
  const room = async (): Promise<void> => {
    const reports = pending;
    pending = [];
    if (reports.length === 0) return;
    await context.printPart({
      json: () => head() + reports.map(parts.item).join(''),
      text: (style) => reports.map((report) => `${renderConnection(report, style)}\n`).join(''),
    });
  };
  return {
    connection: (report) => pending.push(report),
    room,
    end: async (judged) => {
      await room();
      const closing = captureClosing(judged);
      await context.printPart({
        json: () => head() + parts.end(closing),
        text: (style) => renderCaptureClosing({ ...closing, ports }, style),
      });
    },
  };
}
