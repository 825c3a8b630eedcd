import { execFileSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Seed } from '../../src/local/index.js';
import { elbProxy, temporaryDirectory } from '../helpers/elb-proxy.js';
import { type Service, startService } from '../helpers/service.js';
import { onTerminal, type Terminal, type TerminalOptions } from '../helpers/terminal.js';
import { findPeer } from '../peers/peer.js';

// Every question of the program, asked on a real pseudo-terminal and answered with keys.

const tmux = findPeer('tmux', 'apt-get install tmux');

/**
 * `api` has no blockers; `web` 8443 has an HTTP health check, 8080 is behind HTTP, 2525 has the PROXY policy;
 * `zoo` has the same health check, and an abandoned lock.
 */
const seed: Seed = {
  loadBalancers: [
    {
      name: 'web',
      listeners: [
        { protocol: 'TCP', loadBalancerPort: 443, instancePort: 8443 },
        {
          protocol: 'SSL',
          loadBalancerPort: 444,
          instanceProtocol: 'TCP',
          instancePort: 8443,
          sslCertificateId: 'arn:aws:iam::123456789012:server-certificate/web',
        },
        { protocol: 'HTTP', loadBalancerPort: 80, instancePort: 8080 },
        { protocol: 'TCP', loadBalancerPort: 25, instancePort: 2525 },
      ],
      policies: [
        {
          policyName: 'p',
          policyTypeName: 'ProxyProtocolPolicyType',
          attributes: { ProxyProtocol: 'true' },
        },
      ],
      backendPolicies: [{ instancePort: 2525, policyNames: ['p'] }],
      instances: ['i-0123456789abcdef0'],
      healthCheck: { target: 'HTTP:8443/health' },
    },
    {
      name: 'api',
      listeners: [
        { protocol: 'TCP', loadBalancerPort: 443, instancePort: 8443 },
        { protocol: 'TCP', loadBalancerPort: 444, instancePort: 9443 },
      ],
      instances: ['i-0123456789abcdef0'],
      healthCheck: { target: 'TCP:8443' },
    },
    {
      name: 'zoo',
      listeners: [{ protocol: 'TCP', loadBalancerPort: 443, instancePort: 8443 }],
      policies: [
        {
          policyName: 'elb-proxy-lock',
          policyTypeName: 'AppCookieStickinessPolicyType',
          attributes: {
            CookieName: 'elb-proxy.build-7.example.4711.20261123T153012Z.0123456789abcdef',
          },
        },
      ],
      healthCheck: { target: 'HTTP:8443/health' },
    },
  ],
};

const question = {
  pick: 'Which load balancer in us-east-1?',
  tick: 'the PROXY protocol on which instance ports of',
  confirm: /Carry out this (enable|disable|undo) on \w+\? \(y\/N\)/,
  name: "type the load balancer's name:",
  unlock: 'Take the lock off? (y/N)',
} as const;

/** A service, a state directory, and terminals on which the program works with them. */
async function stage() {
  const service = await startService(seed);
  const stateDirectory = await temporaryDirectory();
  return {
    service,
    stateDirectory,
    terminal: (argv: readonly string[], options: Partial<TerminalOptions> = {}): Promise<Terminal> =>
      onTerminal(tmux ?? '', argv, { endpoint: service.endpoint, stateDirectory, ...options }),
    run: (argv: readonly string[], options = {}) =>
      elbProxy(argv, { endpoint: service.endpoint, stateDirectory, ...options }),
    /** Every list that a port of the three has, and every policy: what must not have changed. */
    everything: () => everythingOf(service),
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

async function everythingOf(service: Service): Promise<readonly unknown[]> {
  return Promise.all(
    ['web', 'api', 'zoo'].flatMap((name) => [
      service.policyNames(name),
      ...[8443, 8080, 2525, 9443].map((port) => service.listOf(port, name)),
    ]),
  );
}

/** A plan file, written by a dry run. */
async function planFile(
  { run }: Awaited<ReturnType<typeof stage>>,
  ...argv: readonly string[]
): Promise<string> {
  const file = join(await temporaryDirectory(), 'plan.json');
  expect(await run(['enable', ...argv, '--dry-run', '--out', file])).toMatchObject({ code: 0 });
  return file;
}

describe.skipIf(tmux === undefined)('at a terminal', () => {
  it('a load balancer is picked and its ports are ticked, the plan is seen and confirmed', async () => {
    await using on = await stage();
    await using terminal = await on.terminal(['enable']);
    await terminal.shows(question.pick);
    await terminal.press('Down', 'Down', 'Up', 'Up', 'Enter');
    await terminal.shows(`Enable ${question.tick} api?`);
    await terminal.press('Space', 'Down', 'Space', 'Enter');
    const shown = await terminal.shows(question.confirm);
    expect(shown).toContain('✓ Which load balancer in us-east-1? api');
    expect(shown).toContain('instance ports of api? 8443, 9443');
    expect(shown).toContain('Plan: enable the PROXY protocol, 3 calls on 1 load balancer');
    await terminal.press('y', 'Enter');
    const { code, sane, screen } = await terminal.end();
    expect({ code, sane }).toEqual({ code: 0, sane: true });
    expect(screen).toContain('Applied: the PROXY protocol was enabled on api');
    expect(await on.service.listOf(8443, 'api')).toEqual(['ProxyProtocol-enabled']);
    expect(await on.service.listOf(9443, 'api')).toEqual(['ProxyProtocol-enabled']);
  });

  it('a load balancer is found by a part of its name', async () => {
    await using on = await stage();
    await using terminal = await on.terminal(['disable']);
    await terminal.shows(question.pick);
    await terminal.press('e', 'x');
    expect(await terminal.shows('No results found')).not.toContain('api');
    await terminal.press('BSpace');
    expect(await terminal.shows(/❯ web/)).not.toMatch(/ zoo|api /);
    await terminal.press('Enter');
    await terminal.shows(`Disable ${question.tick} web?`);
    // The only port that is on is ticked already.
    await terminal.press('Enter');
    await terminal.shows(question.confirm);
    await terminal.press('y', 'Enter');
    expect(await terminal.end()).toMatchObject({ code: 0, sane: true });
    expect(await on.service.listOf(2525, 'web')).toEqual([]);
  });

  it.each([
    ['Space', ['Space']],
    ['Tab', ['Tab']],
    ['Space, typed twice', ['Space', 'Space']],
  ])('a load balancer that the cursor is on stays the one that Enter takes: %s', async (_what, keys) => {
    await using on = await stage();
    await using terminal = await on.terminal(['disable']);
    await terminal.shows(question.pick);
    await terminal.press('Down');
    await terminal.shows(/❯ web/);
    await terminal.press(...keys);
    await terminal.press('Enter');
    await terminal.shows(`Disable ${question.tick} web?`);
    await terminal.press('C-c');
    expect(await terminal.end()).toMatchObject({ code: 3, sane: true });
  });

  it('a load balancer is found by a part of its name that was pasted with blanks around it', async () => {
    await using on = await stage();
    await using terminal = await on.terminal(['disable']);
    await terminal.shows(question.pick);
    await terminal.answer(' we b ');
    await terminal.shows(`Disable ${question.tick} web?`);
    await terminal.press('C-c');
    expect(await terminal.end()).toMatchObject({ code: 3, sane: true });
  });

  it('ports are shown with listeners, state and hazards, within 80 columns', async () => {
    await using on = await stage();
    await using terminal = await on.terminal(['enable', 'web']);
    const shown = await terminal.shows('up/down to move');
    expect(shown.trim().split('\n')).toEqual([
      '? Enable the PROXY protocol on which instance ports of web?',
      '❯◯ 8080   HTTP 80 → HTTP          PROXY off  blocker: http-listener',
      ' ◯ 8443   TCP 443, SSL 444 → TCP  PROXY off',
      '       blocker: http-health-check',
      '       warning: shared-instance-port',
      ' - 2525   TCP 25 → TCP            PROXY on   (on already)',
      '',
      '  instance port 8080 is served by HTTP 80: requests get X-Forwarded-For,',
      '  not a PROXY line',
      'up/down to move, space to tick, a for all, enter to go on, Ctrl-C to leave',
    ]);
    await terminal.press('Down');
    expect(await terminal.shows('carries no PROXY line')).toContain('2 listeners forward');
    await terminal.press('Enter');
    await terminal.shows('At least one choice must be selected');
    await terminal.press('C-c');
    expect(await terminal.end()).toMatchObject({ code: 3, sane: true });
  });

  it('in ASCII and without colour everything stays where the locale and NO_COLOR say so', async () => {
    await using on = await stage();
    await using terminal = await on.terminal(['enable'], { env: { LANG: 'C', NO_COLOR: '1' } });
    await terminal.shows(question.pick);
    await terminal.press('w', 'Enter');
    await terminal.shows(question.tick);
    await terminal.press('a', 'Enter');
    await terminal.shows(question.name);
    await terminal.answer('no');
    expect(await terminal.end()).toMatchObject({ code: 3, sane: true });
    const sent = await terminal.sent();
    expect(sent).toContain('>[ ] 8080');
    // oxlint-disable-next-line no-control-regex -- a terminal is driven with them
    expect(sent).toMatch(/^[\u0000-\u007f]*$/);
    // oxlint-disable-next-line no-control-regex -- colours begin with one
    expect(sent).not.toMatch(/\u001b\[[\d;]*m/);
  });

  it('in colour by default', async () => {
    await using on = await stage();
    await using terminal = await on.terminal(['enable']);
    await terminal.shows(question.pick);
    expect(await terminal.sent()).toContain('\u001b[1mWhich load balancer');
    await terminal.press('C-c');
    expect(await terminal.end()).toMatchObject({ code: 3 });
  });

  it('that only prints, every answer is a typed line and no escape sequence is sent', async () => {
    await using on = await stage();
    await using terminal = await on.terminal(['enable'], { env: { TERM: 'dumb' } });
    await terminal.shows('Type its name, or a part of it:');
    await terminal.answer('ap');
    await terminal.shows('Type their numbers');
    await terminal.answer('9443');
    await terminal.shows('Carry out this enable on api? Type yes or no');
    await terminal.answer('yes');
    expect(await terminal.end()).toMatchObject({ code: 0, sane: true });
    expect(await on.service.listOf(9443, 'api')).toEqual(['ProxyProtocol-enabled']);
    expect(await terminal.sent()).not.toContain('\u001b');
  });

  it('that only prints, a name and a lock are answered with a typed line, too', async () => {
    await using on = await stage();
    await using unlock = await on.terminal(['unlock', 'zoo'], { env: { TERM: 'dumb' } });
    await unlock.shows('Take the lock off? Type yes or no');
    await unlock.answer('y');
    expect(await unlock.end()).toMatchObject({ code: 0, sane: true });
    expect(await on.service.policyNames('zoo')).not.toContain('elb-proxy-lock');
    await using wrong = await on.terminal(['enable', 'zoo', '--port', '8443'], { env: { TERM: 'dumb' } });
    await wrong.shows(question.name);
    await wrong.answer('web');
    expect(await wrong.end()).toMatchObject({ code: 3, sane: true });
    expect(await on.service.listOf(8443, 'zoo')).toEqual([]);
    await using right = await on.terminal(['enable', 'zoo', '--port', '8443'], { env: { TERM: 'dumb' } });
    await right.shows(question.name);
    await right.answer('zoo');
    expect(await right.end()).toMatchObject({ code: 0, sane: true });
    expect(await on.service.listOf(8443, 'zoo')).toEqual(['ProxyProtocol-enabled']);
  });

  it.each([
    ['a no', ['n', 'Enter']],
    ['nothing typed', ['Enter']],
    ['Ctrl-C', ['C-c']],
    ['Ctrl-D', ['C-d']],
    ['Ctrl-D behind a yes', ['y', 'C-d']],
  ])('a plan is declined by %s', async (_what, keys) => {
    await using on = await stage();
    const before = await on.everything();
    await using terminal = await on.terminal(['enable', 'api', '--port', '8443']);
    await terminal.shows(question.confirm);
    await terminal.press(...keys);
    const { code, sane, screen } = await terminal.end();
    expect({ code, sane }).toEqual({ code: 3, sane: true });
    expect(screen).toContain('Cancelled: nothing was changed.');
    expect(await on.everything()).toEqual(before);
  });

  it.each([
    ['pick', ['enable'], question.pick],
    ['tick', ['disable', 'web'], question.tick],
    ['type', ['enable', 'web', '--port', '8443'], question.name],
    ['unlock', ['unlock', 'zoo'], question.unlock],
  ])('every other question is closed by Ctrl-C and Ctrl-D: declined (%s)', async (_what, argv, asked) => {
    await using on = await stage();
    const before = await on.everything();
    for (const [key, env] of [
      ['C-c', {}],
      ['C-d', {}],
      ['C-c', { TERM: 'dumb' }],
      ['C-d', { TERM: 'dumb' }],
    ] as const) {
      await using terminal = await on.terminal(argv, { env });
      await terminal.shows('TERM' in env ? /Type its name|Type their|name:|yes or no/ : asked);
      await terminal.press(key);
      const { code, sane, screen } = await terminal.end();
      expect({ code, sane }).toEqual({ code: 3, sane: true });
      expect(screen).toContain('Cancelled: nothing was changed.');
    }
    expect(await on.everything()).toEqual(before);
  });

  it.each([
    ['pick', ['enable'], question.pick],
    ['tick', ['enable', 'api'], question.tick],
    ['confirm', ['enable', 'api', '--port', '8443'], question.confirm],
    ['type', ['enable', 'web', '--port', '8443'], question.name],
    ['unlock', ['unlock', 'zoo'], question.unlock],
  ])('that is closed under a question, it is declined (%s)', async (_what, argv, asked) => {
    await using on = await stage();
    const before = await on.everything();
    await using terminal = await on.terminal(argv);
    await terminal.shows(asked);
    expect(await terminal.hangUp()).toBe(3);
    expect(await on.everything()).toEqual(before);
  });

  it('blockers are overruled by the name of the load balancer, and that is on record', async () => {
    await using on = await stage();
    await using terminal = await on.terminal(['enable', 'web', '--port', '8443']);
    const shown = await terminal.shows(question.name);
    expect(shown).toContain('Plan: enable the PROXY protocol');
    expect(shown).toContain('✗ blocker http-health-check (stops this plan)');
    expect(shown).toContain('? http-health-check blocks this enable on web (us-east-1).');
    await terminal.answer('web');
    expect(await terminal.end()).toMatchObject({ code: 0, sane: true });
    expect(await on.service.listOf(8443, 'web')).toEqual(['p']);
    const files = (await readdir(on.stateDirectory)).filter((name) => name.endsWith('.jsonl'));
    const journal = await Promise.all(files.map((name) => readFile(join(on.stateDirectory, name), 'utf8')));
    expect(journal.join('')).toContain('"forced":["http-health-check"]');
    expect(await on.run(['undo', '--yes'])).toMatchObject({ code: 0 });
    expect(await on.service.listOf(8443, 'web')).toEqual([]);
  });

  it('blockers hold if anything else is typed, and the option that overrules them is named', async () => {
    await using on = await stage();
    const before = await on.everything();
    await using terminal = await on.terminal(['enable', 'web', '--port', '8443']);
    await terminal.shows(question.name);
    await terminal.answer('y');
    const { code, sane, screen } = await terminal.end();
    expect({ code, sane }).toEqual({ code: 3, sane: true });
    expect(screen).toContain('"y" is not the name of load balancer web');
    expect(screen.replaceAll(/\s+/g, ' ')).toContain('overrule it with --force http-health-check');
    expect(await on.everything()).toEqual(before);
  });

  it('of several load balancers each with blockers is asked about by its name', async () => {
    await using on = await stage();
    await using terminal = await on.terminal(['enable', 'web', 'api', 'zoo', '--port', '8443']);
    await terminal.shows(`on web (us-east-1)`);
    await terminal.answer('web');
    await terminal.shows(`on zoo (us-east-1)`);
    await terminal.answer('zoo');
    await terminal.shows('Carry out this enable on api, web, zoo? (y/N)');
    await terminal.press('y', 'Enter');
    expect(await terminal.end()).toMatchObject({ code: 0, sane: true });
    for (const [name, list] of [
      ['web', ['p']],
      ['api', ['ProxyProtocol-enabled']],
      ['zoo', ['ProxyProtocol-enabled']],
    ] as const)
      expect(await on.service.listOf(8443, name)).toEqual(list);
  });

  it.each([
    ['text', []],
    ['text, with --quiet', ['--quiet']],
    ['JSON', ['-o', 'json']],
    ['Markdown', ['-o', 'markdown']],
  ])(
    'a reviewed plan is shown before the question as the dry run showed it, where results are %s',
    async (_what, format) => {
      await using on = await stage();
      const file = join(on.stateDirectory, 'web.json');
      const dryRun = ['enable', 'web', '--port', '8443', '--dry-run'];
      await using dry = await on.terminal([...dryRun, '--out', file]);
      const { screen } = await dry.end();
      const plan = screen.slice(screen.indexOf('Plan: enable'), screen.indexOf('plan written to'));
      expect(plan).toContain('✗ blocker http-health-check (stops this plan)');
      await using terminal = await on.terminal(['apply', file, ...format]);
      const shown = await terminal.shows(question.name);
      expect(shown.slice(shown.indexOf('Plan: enable'))).toContain(plan.trimEnd());
      expect(shown.match(/Plan: enable/g)).toHaveLength(1);
      await terminal.answer('');
      expect(await terminal.end()).toMatchObject({ code: 3, sane: true });
    },
  );

  it('a reviewed plan is shown and confirmed; its blockers are asked about as well', async () => {
    await using on = await stage();
    await using plain = await on.terminal(['apply', await planFile(on, 'api', '--port', '8443')]);
    expect(await plain.shows(question.confirm)).toContain('The way back, once this is applied');
    await plain.press('y', 'Enter');
    expect(await plain.end()).toMatchObject({ code: 0, sane: true });
    expect(await on.service.listOf(8443, 'api')).toEqual(['ProxyProtocol-enabled']);

    await using blocked = await on.terminal([
      'apply',
      await planFile(on, 'web', '--port', '8443'),
      '-o',
      'json',
    ]);
    await blocked.shows(question.name);
    await blocked.answer('web');
    const { code, screen } = await blocked.end();
    expect(code).toBe(0);
    expect(screen).toMatch(/"forced": \[\s*"http-health-check"\s*\]/);
    expect(await on.service.listOf(8443, 'web')).toEqual(['p']);
  });

  it('a reviewed plan that is stale is refused before any question', async () => {
    await using on = await stage();
    const file = await planFile(on, 'api', '--port', '8443');
    expect(await on.run(['enable', 'api', '--port', '8443', '--yes'])).toMatchObject({ code: 0 });
    await using terminal = await on.terminal(['apply', file]);
    const { code, sane, screen } = await terminal.end();
    expect({ code, sane }).toEqual({ code: 3, sane: true });
    expect(screen.replaceAll(/\s+/g, ' ')).toContain('instance port 8443 was [], is [ProxyProtocol-enabled]');
    expect(screen).not.toContain('Carry out');
  });

  it('a plan is not waited for where it would have to be typed', async () => {
    await using on = await stage();
    await using terminal = await on.terminal(['apply', '-']);
    const { code, sane, screen } = await terminal.end();
    expect({ code, sane }).toEqual({ code: 1, sane: true });
    expect(screen).toContain('standard input is a terminal, not a plan');
  });

  it('the newest change is undone once that is confirmed', async () => {
    await using on = await stage();
    expect(await on.run(['enable', 'api', '--port', '8443', '--yes'])).toMatchObject({ code: 0 });
    await using no = await on.terminal(['undo']);
    await no.shows(question.confirm);
    await no.press('n', 'Enter');
    expect(await no.end()).toMatchObject({ code: 3, sane: true });
    expect(await on.service.listOf(8443, 'api')).toEqual(['ProxyProtocol-enabled']);
    await using yes = await on.terminal(['undo']);
    await yes.shows(question.confirm);
    await yes.press('y', 'Enter');
    expect(await yes.end()).toMatchObject({ code: 0, sane: true });
    expect(await on.service.listOf(8443, 'api')).toEqual([]);
  });

  it('a lock is taken off once that is confirmed', async () => {
    await using on = await stage();
    await using no = await on.terminal(['unlock', 'zoo']);
    expect(await no.shows(question.unlock)).toContain('process 4711 on build-7.example');
    await no.press('Enter');
    expect(await no.end()).toMatchObject({ code: 3, sane: true });
    expect(await on.service.policyNames('zoo')).toContain('elb-proxy-lock');
    await using yes = await on.terminal(['unlock', 'zoo']);
    await yes.shows(question.unlock);
    await yes.press('y', 'Enter');
    expect(await yes.end()).toMatchObject({ code: 0, sane: true });
    expect(await on.service.policyNames('zoo')).not.toContain('elb-proxy-lock');
  });

  it('a user who thinks about a plan keeps no one waiting; what another run did meanwhile makes it stale', async () => {
    await using on = await stage();
    await using terminal = await on.terminal(['enable', 'api', '--port', '8443']);
    await terminal.shows(question.confirm);
    const other = ['enable', 'api', '--port', '8443,9443', '--yes', '--lock-timeout', '0s'];
    expect(await on.run(other)).toMatchObject({ code: 0 });
    await terminal.press('y', 'Enter');
    const { code, sane, screen } = await terminal.end();
    expect({ code, sane }).toEqual({ code: 3, sane: true });
    expect(screen.replaceAll(/\s+/g, ' ')).toContain('instance port 8443 was [], is [ProxyProtocol-enabled]');
    expect(await on.service.listOf(8443, 'api')).toEqual(['ProxyProtocol-enabled']);
  });

  it('a plan that comes through a pipe is asked about, unless the pipe is where the answer would come from', async () => {
    await using on = await stage();
    const file = await planFile(on, 'api', '--port', '8443');
    await using stdin = await on.terminal(['apply', '/dev/stdin'], { redirection: `<'${file}'` });
    expect(await stdin.end()).toMatchObject({ code: 3, sane: true });
    expect(await on.service.listOf(8443, 'api')).toEqual([]);
    const pipe = join(on.stateDirectory, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await using terminal = await on.terminal(['apply', pipe]);
    await writeFile(pipe, await readFile(file));
    expect(await terminal.shows(question.confirm)).toContain('Plan: enable the PROXY protocol, 2 calls');
    await terminal.press('y', 'Enter');
    expect(await terminal.end()).toMatchObject({ code: 0, sane: true });
    expect(await on.service.listOf(8443, 'api')).toEqual(['ProxyProtocol-enabled']);
  });

  it('keys typed before a question do not answer it', async () => {
    await using on = await stage();
    await using terminal = await on.terminal(['enable', 'api', '--port', '8443'], {
      typedAhead: ['y', 'Enter'],
    });
    await terminal.shows(question.confirm);
    await terminal.press('Enter');
    expect(await terminal.end()).toMatchObject({ code: 3, sane: true });
  });

  it('whose results go elsewhere still shows the plan that it asks about', async () => {
    await using on = await stage();
    for (const redirection of ['>/dev/null', '| cat >/dev/null']) {
      await using terminal = await on.terminal(['enable', 'api', '--port', '8443'], { redirection });
      expect(await terminal.shows(question.confirm)).toContain('Plan: enable the PROXY protocol');
      await terminal.press('n', 'Enter');
      expect((await terminal.end()).sane).toBe(true);
    }
  });

  it.each([
    ['enable', [], 1],
    ['enable', ['web'], 1],
    ['enable', ['api', '--port', '8443'], 3],
    ['enable', ['web', '--port', '8443'], 3],
    ['unlock', ['zoo'], 3],
  ])(
    'nothing is asked where the question would not be seen, or the answer not come from it: %s %j',
    async (command, args, expected) => {
      await using on = await stage();
      const before = await on.everything();
      for (const redirection of ['2>/dev/null', '</dev/null', '<&-', '2>&-']) {
        await using terminal = await on.terminal([command, ...args], { redirection });
        expect(await terminal.end()).toMatchObject({ code: expected, sane: true });
      }
      expect(await on.everything()).toEqual(before);
    },
  );
});

describe('without a terminal', () => {
  it.each([
    [['enable'], 1],
    [['disable'], 1],
    [['enable', 'web'], 1],
    [['disable', 'web'], 1],
    [['enable', 'api', '--port', '8443'], 3],
    [['enable', 'web', '--port', '8443'], 3],
    [['disable', 'web', '--port', '2525'], 3],
    [['apply'], 1],
    [['undo'], 1],
    [['unlock', 'zoo'], 3],
  ])('nothing is asked, nothing is written, and nothing waits: %j', async (argv, expected) => {
    await using on = await stage();
    const before = await on.everything();
    for (const input of [undefined, 'y\nweb\ny\n']) {
      const ran = await on.run(argv, input === undefined ? {} : { input });
      expect(ran.code).toBe(expected);
      expect(ran.stderr).not.toContain('?');
    }
    expect(await on.everything()).toEqual(before);
  });

  it('a plan and an undo are not confirmed by what is piped in', async () => {
    await using on = await stage();
    const file = await planFile(on, 'api', '--port', '8443');
    expect(await on.run(['apply', file], { input: 'y\n' })).toMatchObject({ code: 3 });
    expect(await on.run(['apply', file, '--yes'], { input: '' })).toMatchObject({ code: 0 });
    expect(await on.run(['undo'], { input: 'y\n' })).toMatchObject({ code: 3 });
    expect(await on.service.listOf(8443, 'api')).toEqual(['ProxyProtocol-enabled']);
  });

  it('a plan from standard input is carried out with --yes only, and read as a file is', async () => {
    await using on = await stage();
    const dry = await on.run(['enable', 'api', '--port', '8443', '--dry-run', '-o', 'json']);
    const input = dry.stdout;
    const asked = await on.run(['apply', '-'], { input });
    expect(asked).toMatchObject({ code: 3, stderr: expect.stringContaining('add --yes') });
    for (const [wrong, what] of [
      ['', 'plan on standard input: is not valid JSON'],
      [input.slice(0, 400), 'plan on standard input: is not valid JSON'],
      [input.replace('"enable"', '"disable"'), 'plan on standard input: '],
    ] as const) {
      const ran = await on.run(['apply', '-', '--yes', '-o', 'json'], { input: wrong });
      expect(ran.code).toBe(1);
      expect(ran.json().error).toMatchObject({
        code: 'invalid-plan',
        message: expect.stringContaining(what),
      });
    }
    expect(await on.service.listOf(8443, 'api')).toEqual([]);
    const done = await on.run(['apply', '-', '--yes', '-o', 'json'], { input: `\uFEFF${input}` });
    expect(done.json()).toMatchObject({ outcome: 'applied' });
    expect(await on.service.listOf(8443, 'api')).toEqual(['ProxyProtocol-enabled']);
    const out = await on.run(['disable', 'api', '--port', '8443', '--dry-run', '--out=-']);
    expect(out).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('-o json') });
  });

  it('an input that stays open and never says anything is not waited for', async () => {
    await using on = await stage();
    for (const [argv, code] of [
      [['enable'], 1],
      [['enable', 'api', '--port', '8443'], 3],
      [['enable', 'web', '--port', '8443'], 3],
      [['unlock', 'zoo'], 3],
    ] as const)
      expect(await on.run(argv, { input: '', inputStaysOpen: true })).toMatchObject({ code });
  });
});
