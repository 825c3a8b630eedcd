import { once } from 'node:events';
import type { AppEvent } from '../app/events.js';
import type { ElasticLoadBalancing, Journal } from '../app/ports.js';
import type { AwsCall } from '../aws/calls.js';
import type { Identity } from '../aws/identity/identity.js';
import type { OpenOptions } from '../aws/open-elastic-load-balancing.js';
import type { CallerAnswer } from '../core/caller.js';
import { messageOf } from '../errors.js';
import type { Style } from '../render/style.js';
import { version } from '../version.js';
import type { CommandLine } from './command-line.js';
import type { Context } from './context.js';
import type { Given } from './define.js';
import type { Io, Output } from './io.js';
import { rateOf } from './options.js';
import type { Prompter } from './prompts/prompter.js';
import { styleChoice } from './terminal-style.js';

/** Where results and messages go, in the order in which they were given. */
export interface Printer {
  readonly print: Context['print'];
  readonly printPart: Context['printPart'];
  readonly progress: Context['progress'];
  readonly tell: Context['tell'];
  /** Whether a result, or a part of one, has gone to stdout. */
  readonly hasPrinted: () => boolean;
  /** Resolves once everything was handed to the streams. */
  readonly settled: () => Promise<void>;
}

/** Back to the start of the terminal's line, and erase it. */
const eraseLine = '\r\u001b[2K';

/** A printer for one command line; chalk and the renderers' style are loaded at the first line. */
export function makePrinter(io: Io, line: CommandLine): Printer {
  let tail: Promise<void> = Promise.resolve();
  let progressShown = false;
  let printed = false;
  const inOrder = (write: () => Promise<void>): Promise<void> => {
    const written = tail.then(write);
    // A renderer that failed is the caller's to report; what comes after it is printed all the same.
    tail = written.catch(() => undefined);
    return written;
  };
  /** Results that come to the terminal where progress stands take its place. */
  const makeRoom = (): void => {
    if (!progressShown || !io.stdout.isTerminal) return;
    io.stderr.stream.write(eraseLine);
    progressShown = false;
  };
  const styles = new Map<Output, Style>();
  const style = async (output: Output): Promise<Style> => {
    const { makeStyle } = await import('../render/style.js');
    const made = styles.get(output) ?? makeStyle(styleChoice(output, io.env, line.colour));
    styles.set(output, made);
    return made;
  };
  return {
    print: (document, render) =>
      inOrder(async () => {
        if (line.output === 'json') {
          const { toJson } = await import('../render/json/to-json.js');
          makeRoom();
          printed = true;
          io.stdout.stream.write(toJson(document));
        } else {
          const text = render(document, await style(io.stdout));
          makeRoom();
          io.stdout.stream.write(text);
        }
      }),
    printPart: ({ json, text }) =>
      inOrder(async () => {
        const part = line.output === 'json' ? json() : text(await style(io.stdout));
        if (part !== '') makeRoom();
        printed ||= part !== '';
        // A reader that is slower than we are must not make us keep what it has not read yet.
        if (part !== '' && !io.stdout.stream.write(part)) await once(io.stdout.stream, 'drain');
      }),
    progress: (text) =>
      inOrder(async () => {
        if (text === '' && !progressShown) return;
        // Of a line that the terminal breaks, only the last part could be erased.
        const { width } = styleChoice(io.stderr, io.env, line.colour);
        io.stderr.stream.write(`${eraseLine}${text.slice(0, width - 1)}`);
        progressShown = text !== '';
      }),
    tell: (render) =>
      inOrder(async () => {
        const text = await render(await style(io.stderr));
        io.stderr.stream.write(`${progressShown ? eraseLine : ''}${text}`);
        progressShown = false;
      }),
    hasPrinted: () => printed,
    settled: () => tail,
  };
}

/** Puts together what a command works with; nothing is opened before it is used. */
export function makeContext(
  io: Io,
  line: CommandLine,
  given: Given,
  { print, printPart, progress, tell, settled }: Printer,
  untilFinished: Context['untilFinished'],
): Context {
  const apis = new Map<string, Promise<ElasticLoadBalancing>>();
  let journal: Promise<Journal> | undefined;
  let throttled = 0;
  const onCall = (call: AwsCall): void => {
    if (call.throttled === true) throttled++;
    if (line.debug) void tell(() => `${debugLine(call)}\n`);
  };
  let opened: Promise<Identity> | undefined;
  const prompter = () => openPrompter(io, line, settled);
  const identity = () =>
    (opened ??= openRunIdentity(io, given, prompter, (text) => {
      if (line.debug) void tell(() => `debug: ${text}\n`);
    }));
  let caller: Promise<CallerAnswer> | undefined;
  let options: Promise<Omit<OpenOptions, 'region'>> | undefined;
  const openOptions = () => (options ??= openOptionsOf(io, given, onCall, identity));
  return {
    io,
    tool: `elb-proxy ${version}`,
    output: line.output,
    identity,
    caller: (region) => (caller ??= openCaller(identity, region)),
    api: (region) => {
      const key = region ?? '';
      const api = apis.get(key) ?? openOptions().then((shared) => openApi(region, shared));
      apis.set(key, api);
      return api;
    },
    apis: async (regions) =>
      regions.length === 0
        ? [await openApi(undefined, await openOptions())]
        : openApis(regions, await openOptions()),
    alarms: async () => (await import('../aws/alarms.js')).openAlarms({ identity: await identity(), onCall }),
    journal: () => (journal ??= openStateJournal(io)),
    clock: {
      now: () => new Date(),
      sleep: (ms) =>
        new Promise((resolve) => {
          setTimeout(resolve, ms);
        }),
      alarm: (ms, ring) => {
        const timer = setTimeout(ring, ms);
        return () => clearTimeout(timer);
      },
    },
    emit,
    print,
    printPart,
    progress,
    throttledCalls: () => throttled,
    tell,
    prompter,
    untilFinished,
  };

  /** Progress is for people who wait; warnings are for everybody. */
  function emit(event: AppEvent): void {
    if (!forEverybody.has(event.code) && !io.stderr.isTerminal) return;
    // Takes its place in the order now, whatever has to be loaded first.
    void tell(async (style) => (await import('../render/text/event.js')).renderEvent(event, style));
  }
}

/** Events that are told without a terminal, too. */
const forEverybody: ReadonlySet<AppEvent['code']> = new Set([
  'warning',
  'guard-note',
  'held-back',
  'not-shown-yet',
  'no-answer-yet',
] as const);

async function openRunIdentity(
  { env, stdin, stderr }: Io,
  given: Given,
  prompter: Context['prompter'],
  debug: (text: string) => void,
): Promise<Identity> {
  const { openIdentity } = await import('../aws/identity/identity.js');
  return openIdentity({
    region: given.texts('region')[0],
    profile: given.text('profile'),
    endpointUrl: given.text('endpoint-url'),
    env,
    onDecided: debug,
    ...(stdin.isTerminal && stderr.isTerminal
      ? { askCode: async (serial) => (await prompter())?.type(`MFA code of ${serial}:`) }
      : {}),
  });
}

async function openCaller(identity: Context['identity'], region: string | undefined): Promise<CallerAnswer> {
  try {
    const { askCaller } = await import('../aws/caller.js');
    return await askCaller(await identity(), region);
  } catch (error) {
    return { why: messageOf(error), asked: false };
  }
}

async function openOptionsOf(
  { env }: Io,
  given: Given,
  onCall: (call: AwsCall) => void,
  identity: Context['identity'],
): Promise<Omit<OpenOptions, 'region'>> {
  const perSecond = rateOf(given);
  const { makeRateControl } = await import('../aws/rate-control.js');
  return {
    identity: await identity(),
    env,
    onCall,
    rateControl: makeRateControl(perSecond),
  };
}

async function openApi(
  region: string | undefined,
  options: Omit<OpenOptions, 'region'>,
): Promise<ElasticLoadBalancing> {
  const { openElasticLoadBalancing } = await import('../aws/open-elastic-load-balancing.js');
  return openElasticLoadBalancing({ ...options, region });
}

async function openApis(
  regions: readonly string[],
  options: Omit<OpenOptions, 'region'>,
): Promise<readonly ElasticLoadBalancing[]> {
  const { openRegions } = await import('../aws/open-elastic-load-balancing.js');
  return openRegions(options, regions);
}

async function openStateJournal({ env, holder, isAlive }: Io): Promise<Journal> {
  const { openJournal } = await import('../journal/journal.js');
  const { stateDirectory } = await import('../journal/state-directory.js');
  return openJournal({ directory: stateDirectory(env), holder, isAlive });
}

/** Only where somebody can read the question and answer it; a piped "y" is no answer. */
async function openPrompter(
  io: Io,
  { colour }: CommandLine,
  settled: Printer['settled'],
): Promise<Prompter | undefined> {
  if (!io.stdin.isTerminal || !io.stderr.isTerminal) return undefined;
  const { makeStyle } = await import('../render/style.js');
  const style = makeStyle(styleChoice(io.stderr, io.env, colour));
  const { confirm, pick, tick, type } =
    io.env['TERM'] === 'dumb'
      ? (await import('./prompts/plain-prompter.js')).plainPrompter(io, style)
      : (await import('./prompts/inquirer-prompter.js')).inquirerPrompter(io, style);
  /** What was said before a question stands before it. */
  const after =
    <A extends readonly unknown[], T>(ask: (...given: A) => Promise<T>) =>
    async (...given: A): Promise<T> => {
      await settled();
      return ask(...given);
    };
  return { style, confirm: after(confirm), pick: after(pick), tick: after(tick), type: after(type) };
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
