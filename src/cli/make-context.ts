import type { AppEvent } from '../app/events.js';
import type { ElasticLoadBalancing, Journal } from '../app/ports.js';
import type { AwsCall } from '../aws/calls.js';
import type { Style } from '../render/style.js';
import { version } from '../version.js';
import type { CommandLine } from './command-line.js';
import type { Context } from './context.js';
import type { Given } from './define.js';
import type { Io, Output } from './io.js';
import type { Prompter } from './prompter.js';
import { styleChoice } from './terminal-style.js';

/** Where results and messages go, in the order in which they were given. */
export interface Printer {
  readonly print: Context['print'];
  readonly tell: Context['tell'];
  /** Resolves once everything was handed to the streams. */
  readonly settled: () => Promise<void>;
}

/** A printer for one command line; chalk and the renderers' style are loaded at the first line. */
export function makePrinter(io: Io, line: CommandLine): Printer {
  let tail: Promise<void> = Promise.resolve();
  const inOrder = (write: () => Promise<void>): Promise<void> => {
    const written = tail.then(write);
    // A renderer that failed is the caller's to report; what comes after it is printed all the same.
    tail = written.catch(() => undefined);
    return written;
  };
  const style = async (output: Output): Promise<Style> => {
    const { makeStyle } = await import('../render/style.js');
    return makeStyle(styleChoice(output, io.env, line.colour));
  };
  return {
    print: (document, render) =>
      inOrder(async () => {
        if (line.output === 'json') {
          const { toJson } = await import('../render/json/to-json.js');
          io.stdout.stream.write(toJson(document));
        } else {
          io.stdout.stream.write(render(document, await style(io.stdout)));
        }
      }),
    tell: (render) =>
      inOrder(async () => {
        io.stderr.stream.write(await render(await style(io.stderr)));
      }),
    settled: () => tail,
  };
}

/** Puts together what a command works with; nothing is opened before it is used. */
export function makeContext(
  io: Io,
  line: CommandLine,
  given: Given,
  { print, tell }: Printer,
  untilFinished: Context['untilFinished'],
): Context {
  const apis = new Map<string, Promise<ElasticLoadBalancing>>();
  let journal: Promise<Journal> | undefined;
  const onCall = line.debug ? (call: AwsCall) => void tell(() => `${debugLine(call)}\n`) : undefined;
  return {
    io,
    tool: `elb-proxy ${version}`,
    output: line.output,
    api: (region) => {
      const key = region ?? '';
      const opened = apis.get(key) ?? openApi(region, io, given, onCall);
      apis.set(key, opened);
      return opened;
    },
    journal: () => (journal ??= openStateJournal(io)),
    clock: {
      now: () => new Date(),
      sleep: (ms) =>
        new Promise((resolve) => {
          setTimeout(resolve, ms);
        }),
    },
    emit,
    print,
    tell,
    prompter: () => openPrompter(io),
    untilFinished,
  };

  /** Progress is for people who wait; warnings are for everybody. */
  function emit(event: AppEvent): void {
    if (event.code !== 'warning' && !io.stderr.isTerminal) return;
    // Takes its place in the order now, whatever has to be loaded first.
    void tell(async (style) => (await import('../render/text/event.js')).renderEvent(event, style));
  }
}

async function openApi(
  region: string | undefined,
  { env }: Io,
  given: Given,
  onCall: ((call: AwsCall) => void) | undefined,
): Promise<ElasticLoadBalancing> {
  const { openElasticLoadBalancing } = await import('../aws/open-elastic-load-balancing.js');
  return openElasticLoadBalancing({
    region,
    profile: given.text('profile'),
    endpointUrl: given.text('endpoint-url'),
    env,
    onCall,
  });
}

async function openStateJournal({ env, holder, isAlive }: Io): Promise<Journal> {
  const { openJournal } = await import('../journal/journal.js');
  const { stateDirectory } = await import('../journal/state-directory.js');
  return openJournal({ directory: stateDirectory(env), holder, isAlive });
}

/** Only where somebody can read the question and answer it; a piped "y" is no answer. */
async function openPrompter(io: Io): Promise<Prompter | undefined> {
  if (!io.stdin.isTerminal || !io.stderr.isTerminal) return undefined;
  return (await import('./prompter.js')).inquirerPrompter(io);
}

function debugLine({
  action,
  region,
  loadBalancer,
  attempt,
  maxAttempts,
  httpStatus,
  requestId,
  errorCode,
  durationMs,
}: AwsCall): string {
  const parts = [
    action,
    region,
    ...(loadBalancer === undefined ? [] : [loadBalancer]),
    `attempt ${attempt}/${maxAttempts}`,
    httpStatus === undefined ? 'no answer' : `HTTP ${httpStatus}`,
    ...(errorCode === undefined ? [] : [errorCode]),
    `${Math.round(durationMs)} ms`,
    ...(requestId === undefined ? [] : [`request id ${requestId}`]),
  ];
  return `debug: ${parts.join('  ')}`;
}
