import type { VerifiedBackends } from '../../app/verify-backends.js';
import { type BackendVerdict, backendVerdicts } from '../../core/verify-result.js';
import { usageError } from '../../errors.js';
import type { ProbeSettings } from '../../probe/settings.js';
import type { BackendDocument } from '../../render/json/verify.js';
import type { Style } from '../../render/style.js';
import type { Context } from '../context.js';
import type { Given } from '../define.js';
import type { ExitCode } from '../exit-codes.js';
import { progressLine } from '../progress-line.js';
import { boundedTime, wholeNumber } from '../quantities.js';
import { sayFailure } from '../say-failure.js';
import { howMany, probedSoFar, sayProbing } from './probing-words.js';
import { readRunCommandChoice } from './run-command-choice.js';
import { checkOptions, expectationOf, type VerifyValues, type verifyOptions } from './verify-options.js';
import { groupOf, loadBalancerOf, targetsOf } from './verify-targets.js';

/** `elb-proxy verify backend`. */
export async function verifyBackend(
  named: readonly string[],
  { options }: Given<typeof verifyOptions>,
  context: Context,
): Promise<ExitCode> {
  checkOptions(options, 'backend');
  const settings = await settingsOf(options);
  const expected = expectationOf(options, backendVerdicts);
  const concurrency = wholeNumber('--concurrency', options.concurrency, { least: 1, most: 4096 });
  const expectation = { expected, allowInconclusive: options['allow-inconclusive'] };
  if (options.from === 'instances') {
    if (concurrency !== undefined)
      throw usageError('--concurrency only works with --from here', 'Run Command has its own');
    return fromInstances(named, { options, settings, expectation }, context);
  }
  if (options['ssm-document'] !== undefined || options['allow-run-shell-script'])
    throw usageError('--ssm-document and --allow-run-shell-script only work with --from instances');
  const targets = await targetsOf(named, options, context);
  const { signal } = context.io;
  const { verifyBackends } = await import('../../app/verify-backends.js');
  const { backendProber } = await import('../../probe/probe-backend.js');
  await sayProbing(howMany(targets.length, 'backend'), context);
  const progress = progressLine(context);
  return context.untilFinished(
    verifyBackends(targets, {
      probe: backendProber(
        options['target-group'] === undefined ? settings : { ...settings, sender: 'network' },
      ),
      concurrency,
      signal,
      onProgress: (made) => {
        if (made.total > 1) progress.show(() => probedSoFar(made));
      },
    }).then(async (verified) => {
      await progress.end();
      return report(verified, expectation, context);
    }),
  );
}

async function fromInstances(
  named: readonly string[],
  {
    options,
    settings,
    expectation,
  }: {
    readonly options: VerifyValues;
    readonly settings: ProbeSettings;
    readonly expectation: Expectation;
  },
  context: Context,
): Promise<ExitCode> {
  const choice = readRunCommandChoice(options);
  const { tlsServerName = '' } = settings;
  if (!/^[A-Za-z0-9._-]{0,253}$/.test(tlsServerName))
    throw usageError(`--tls-server-name ${JSON.stringify(tlsServerName)}: give a host name`);
  if (options['target-group'] !== undefined) {
    const found = await groupOf(named, options, context);
    const { askGroup } = await import('./ask-group.js');
    const targets = howMany(found.registered.length, 'target');
    await sayProbing(`${targets} of ${found.group.name}, from the instances themselves`, context);
    return context.untilFinished(
      askGroup(found, { settings: { ...settings, sender: 'network' }, choice }, context).then((verified) =>
        report(verified, expectation, context),
      ),
    );
  }
  const { loadBalancer, port } = await loadBalancerOf(named, options, context);
  const instances = howMany(loadBalancer.instanceIds?.length ?? 0, 'instance');
  const { askInstances } = await import('./ask-instances.js');
  await sayProbing(
    `${instances} of ${loadBalancer.name} on port ${port}, from the instances themselves`,
    context,
  );
  return context.untilFinished(
    askInstances({ loadBalancer, port, settings, choice }, context).then((verified) =>
      report(verified, expectation, context),
    ),
  );
}

async function settingsOf(options: VerifyValues): Promise<ProbeSettings> {
  const { defaultTimes } = await import('../../probe/settings.js');
  const { unescapeBytes } = await import('../../probe/show-bytes.js');
  const bytesOf = (name: 'send' | 'expect-reply'): Uint8Array | undefined => {
    const text = options[name];
    const bytes = text === undefined ? undefined : unescapeBytes(text);
    if (text !== undefined && bytes === undefined)
      throw usageError(`--${name} ${JSON.stringify(text)}: the escapes are \\r \\n \\t \\0 \\xHH \\\\`);
    return bytes;
  };
  const { app = 'auto' } = options;
  const [send, expectReply] = [bytesOf('send'), bytesOf('expect-reply')];
  if (expectReply !== undefined && send === undefined)
    throw usageError(
      '--expect-reply only works with --send',
      'give the bytes to send to the backend: --send "PING\\r\\n"',
    );
  if (send !== undefined && app === 'http')
    throw usageError('--send and --app http are both given', 'give one of them');
  return {
    app,
    timeoutMs: boundedTime('--timeout', options.timeout, 120) ?? defaultTimes.timeoutMs,
    bannerWaitMs: boundedTime('--banner-wait', options['banner-wait'], 120) ?? defaultTimes.bannerWaitMs,
    send,
    expectReply,
    httpPath: word(options, 'http-path', /^\/[!-~]*$/, 'a path begins with / and has no spaces'),
    httpHost: word(options, 'http-host', /^[!-~]+$/, 'a host has no spaces'),
    tlsServerName: word(options, 'tls-server-name', /^[!-~]+$/, 'a name has no spaces'),
  };
}

/** A text that goes into a request: nothing that could end its line. */
function word(
  options: VerifyValues,
  name: 'http-path' | 'http-host' | 'tls-server-name',
  form: RegExp,
  rule: string,
): string | undefined {
  const text = options[name];
  if (text === undefined || form.test(text)) return text;
  throw usageError(`--${name} ${JSON.stringify(text)}: ${rule}`);
}

/** The expectation that decides the exit code. */
interface Expectation {
  readonly expected: BackendVerdict | undefined;
  readonly allowInconclusive: boolean;
}

async function report(
  verified: VerifiedBackends,
  expectation: Expectation,
  context: Context,
): Promise<ExitCode> {
  const { unexpected } = await import('../../app/verify-backends.js');
  const { backendDocument } = await import('../../render/json/verify.js');
  const interrupted = context.io.signal.aborted;
  await context.print(backendDocument(verified, interrupted), await renderer(context));
  if (interrupted) return 130;
  const { expected } = expectation;
  const wrong = unexpected(verified.results, expectation);
  if (wrong.length === 0) return 0;
  const shown = wrong
    .slice(0, 5)
    .map(({ target, instanceId, verdict }) => `${instanceId ?? target} is ${verdict}`);
  const more = wrong.length > shown.length ? `; and ${wrong.length - shown.length} more` : '';
  const what = `${shown.join('; ')}${more}`;
  if (expected !== undefined)
    await sayFailure('expectation-not-met', `expected ${expected}: ${what}`, context);
  else
    await sayFailure(
      'inconclusive',
      `not every backend gave a verdict: ${what}`,
      context,
      'see the advice for each; --allow-inconclusive counts them as success',
    );
  return 4;
}

async function renderer({ output }: Context): Promise<(document: BackendDocument, style: Style) => string> {
  if (output !== 'markdown') return (await import('../../render/text/verify-backend.js')).renderVerifyBackend;
  const { renderVerifyBackendMarkdown } = await import('../../render/markdown/verify-backend.js');
  return (document) => renderVerifyBackendMarkdown(document);
}
