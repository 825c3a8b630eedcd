import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { elbProxy, temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { startService } from '../helpers/service.js';

describe('demo', () => {
  it('plays the whole story, and leaves nothing behind', async () => {
    const stateDirectory = await temporaryDirectory();
    const ran = await elbProxyHere(['demo'], {
      stateDirectory,
      env: {
        AWS_REGION: undefined,
        AWS_ACCESS_KEY_ID: undefined,
        AWS_SECRET_ACCESS_KEY: undefined,
        COLUMNS: '80',
      },
    });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    const shown = [
      '$ elb-proxy status web',
      'HTTP 200: hello, 127.',
      '--dry-run',
      '+ ProxyProtocol-enabled',
      'Applied',
      'HTTP 400',
      '$ elb-proxy undo --yes',
      '--guard health',
      'Rolled back: everything that was written was put back',
      'the guard health of web failed after the change',
      '--guard alarm:web-errors',
      'Rolled back',
      'the guard alarm:web-errors in us-east-1 failed',
      'accepts-both, strong',
      '--guard http:/',
      'before: HTTP 200',
      ...(process.platform === 'linux' ? ['HTTP 200: hello, 127.0.0.2'] : ['HTTP 200: hello, 127.0.0.1']),
      'PROXY TCP4 127.0.0.',
      '\\r\\n',
      '$ elb-proxy enable edge --target-group app',
      'Applied: the PROXY protocol was enabled on edge, target group app',
      '(a client',
      'HTTP 200: the first bytes were version 2: 127.0.0.',
      '$ elb-proxy history',
      'edge:app',
    ];
    // The story is short, and shows each thing once.
    const lines = ran.stdout.split('\n');
    expect(lines.length - 1).toBeLessThanOrEqual(120);
    for (const once of [
      'Plan:',
      'LISTENER →',
      'Hazards:',
      'The way back',
      'PROXY TCP4',
      '$ elb-proxy history',
    ])
      expect(
        lines.filter((line) => line.includes(once)),
        once,
      ).toHaveLength(1);
    let from = 0;
    for (const part of shown) {
      from = ran.stdout.indexOf(part, from);
      expect(from, part).toBeGreaterThanOrEqual(0);
    }
    expect((await elbProxyHere(['history', '-o', 'json'], { stateDirectory })).json().changes).toEqual([]);
  });
});

describe('demo that is interrupted', () => {
  it('clears its stage and ends with 130', async () => {
    const folder = await temporaryDirectory();
    const ran = await elbProxy(['demo'], {
      env: { TMPDIR: folder },
      onStart: (child) => child.stdout?.once('data', () => child.kill('SIGINT')),
    });
    expect(ran.code).toBe(130);
    expect(ran.stderr).toContain('interrupted');
    expect((await readdir(folder)).filter((name) => name.startsWith('elb-proxy-demo'))).toEqual([]);
  });
});

describe('local -- command', () => {
  it('runs the command against it and ends with its exit code', async () => {
    const seen = await elbProxy([
      'local',
      '--seed',
      'demo',
      '--',
      process.execPath,
      '-e',
      'console.log(process.env.AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING, process.env.AWS_ENDPOINT_URL_EC2, process.env.AWS_ENDPOINT_URL_STS, process.env.AWS_ENDPOINT_URL_CLOUDWATCH, process.env.AWS_REGION); process.exit(7)',
    ]);
    expect(seen.code).toBe(7);
    expect(seen.stdout).toMatch(/^(http:\/\/127\.0\.0\.1:\d+) \1 \1 \1 us-east-1\n$/);
  });

  it("says when the command can't be run", async () => {
    const seen = await elbProxy(['local', '-o', 'json', '--', 'no-such-command-here']);
    expect(seen.code).toBe(1);
    expect(seen.json().error).toMatchObject({
      code: 'command-not-run',
      message: expect.stringMatching(/^can't run \S+: command not found$/),
    });
  });

  it('keeps its state across runs with --state', async () => {
    const state = `${await temporaryDirectory()}/state.json`;
    const self = [process.execPath, 'bin/elb-proxy.js'];
    const first = await elbProxy([
      'local',
      '--seed',
      'demo',
      '--state',
      state,
      '--',
      ...self,
      'enable',
      'web',
      '--port',
      '8443',
      '--yes',
      '-o',
      'json',
    ]);
    expect(first.json()).toMatchObject({ outcome: 'applied' });
    const second = await elbProxy([
      'local',
      '--state',
      state,
      '--',
      ...self,
      'status',
      'web',
      '--expect',
      'enabled',
      '--port',
      '8443',
      '-o',
      'json',
    ]);
    expect(second.code).toBe(0);
  });
});

describe('local', () => {
  it('says where it is as one document, serves until SIGTERM, and then ends with 0', async () => {
    const ran = await elbProxy(['local', '--port', '0', '-o', 'json'], {
      onStart: (child) => child.stdout?.once('data', () => child.kill('SIGTERM')),
    });
    expect(ran.code).toBe(0);
    expect(ran.json()).toMatchObject({
      formatVersion: 1,
      endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    });
  });

  it('names the region that its load balancers are in, for the other terminal', async () => {
    const ran = await elbProxy(['local', '--port', '0', '--region', 'eu-west-1', '--no-data-plane'], {
      onStart: (child) => child.stdout?.once('data', () => child.kill('SIGTERM')),
    });
    expect(ran.stdout).toContain('export AWS_REGION=eu-west-1 ');
    for (const service of ['EC2', 'SSM', 'CLOUDWATCH', 'STS', 'ELASTIC_LOAD_BALANCING_V2'])
      expect(ran.stdout).toMatch(new RegExp(`AWS_ENDPOINT_URL_${service}=http://127`));
  });

  it.each([
    [['--seed', '/nonexistent/seed.json'], 'SeedInvalid'],
    [['--state', '/dev/null/state.json', '--seed', 'demo'], 'StateFileInvalid'],
    [['--region', 'EU'], 'OptionInvalid'],
    [['--instance', 'i-0a1b2c3d=10.0.0.1,i-0a1b2c3d=10.0.0.2'], 'usage'],
  ])('refuses what it cannot use: %j', async (options, code) => {
    const ran = await elbProxyHere(['local', '--port', '0', ...options, '-o', 'json', '--', 'true']);
    expect([ran.code, ran.json().error.code]).toEqual([1, code]);
  });

  it('names the port that is taken, and the way out', async () => {
    await using service = await startService();
    const ran = await elbProxyHere(['local', '--port', String(service.local.port), '-o', 'json']);
    expect(ran.code).toBe(1);
    expect(ran.json().error).toMatchObject({
      code: 'PortUnavailable',
      hint: expect.stringContaining('--port 0'),
    });
  });
});

describe('policies', () => {
  it('shows type, attributes and where each policy is attached', async () => {
    await using service = await startService();
    const document = (await elbProxyHere(['policies', 'web', '-o', 'json'], service)).json();
    expect(document.loadBalancer).toMatchObject({ name: 'web', region: 'us-east-1' });
    expect(document.policies).toContainEqual({
      name: 'b-auth',
      type: 'BackendServerAuthenticationPolicyType',
      attributes: { PublicKeyPolicyName: 'key' },
      attachedTo: [
        { kind: 'instance-port', port: 8443 },
        { kind: 'instance-port', port: 9443 },
      ],
    });
  });
});

describe('iam-policy', () => {
  it('holds what the commands call, and with --read-only no write', async () => {
    const policy = (await elbProxyHere(['iam-policy'])).json();
    expect(
      policy.Statement.map(
        ({ Sid, Action, Resource }: { Sid: string; Action: string[]; Resource: string }) => [
          Sid,
          Action.length,
          Resource,
        ],
      ),
    ).toEqual([
      ['Read', 8, '*'],
      ['Change', 3, 'arn:aws:elasticloadbalancing:*:*:loadbalancer/*'],
      ['ChangeTargetGroups', 1, 'arn:aws:elasticloadbalancing:*:*:targetgroup/*/*'],
    ]);
    const alarms = (await elbProxyHere(['iam-policy', '--guard-alarms'])).json();
    expect(alarms.Statement.slice(0, 3)).toEqual(policy.Statement);
    expect(alarms.Statement.slice(3)).toEqual([
      { Sid: 'GuardAlarms', Effect: 'Allow', Action: ['cloudwatch:DescribeAlarms'], Resource: '*' },
    ]);
    const readOnly = (await elbProxyHere(['iam-policy', '--read-only'])).json();
    expect(readOnly.Statement).toHaveLength(1);
    expect(
      readOnly.Statement[0].Action.every((action: string) =>
        action.startsWith('elasticloadbalancing:Describe'),
      ),
    ).toBe(true);
  });
});

describe('help and version', () => {
  it('go to stdout, exit 0, and fit 100 columns', async () => {
    for (const argv of [['--help'], [], ['help'], ['enable', '--help'], ['local', '-h']]) {
      const ran = await elbProxyHere(argv);
      expect(ran).toMatchObject({ code: 0, stderr: '' });
      for (const line of ran.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    }
    expect((await elbProxyHere(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const asJson = await elbProxyHere(['--version', '-o', 'json']);
    expect(asJson.json()).toEqual({ formatVersion: 1, version: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
    expect((await elbProxyHere(['help', 'enable'])).stdout).toBe(
      (await elbProxyHere(['enable', '--help'])).stdout,
    );
    const helpAsJson = await elbProxyHere(['enable', '--help', '-o', 'json']);
    expect(helpAsJson.json()).toEqual({ formatVersion: 1, help: expect.stringContaining('--policy-name') });
  });
});

describe('schema', () => {
  it.each(['status', 'policies', 'plan', 'report', 'history', 'verify', 'error'])(
    '%s is a JSON Schema of its own',
    async (name) => {
      const schema = (await elbProxyHere(['schema', name])).json();
      expect(schema).toMatchObject({
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        title: `elb-proxy ${name}`,
      });
    },
  );
});

describe('a pipe', () => {
  it.each([
    [{}, false],
    [{ NO_COLOR: '1', FORCE_COLOR: '1', CLICOLOR_FORCE: '1' }, false],
    [{ FORCE_COLOR: '1' }, true],
    [{ CLICOLOR_FORCE: '1' }, true],
  ] as const)('gets nothing but plain lines, unless colour is forced: %j', async (env, coloured) => {
    await using service = await startService();
    const status = await elbProxyHere(['status', 'web'], { ...service, env });
    const change = await elbProxyHere(['enable', 'web', '--port', '8443', '--yes'], { ...service, env });
    const refused = await elbProxyHere(['disable', 'web', '--port', '8443'], { ...service, env });
    for (const { stdout } of [status, change, refused]) {
      expect(stdout.includes('\u001b[')).toBe(coloured);
      for (const moves of ['\r', '\u001b[2K']) expect(stdout).not.toContain(moves);
    }
    expect([status.stderr, change.stderr]).toEqual(['', '']);
    expect(refused.stderr.includes('\u001b[')).toBe(coloured);
  });

  it('gets ASCII where the locale is not UTF-8', async () => {
    await using service = await startService();
    const ran = await elbProxyHere(['status', 'web'], { ...service, env: { LANG: 'C' } });
    expect(ran.stdout).toMatch(/^[\n -~]+$/);
    expect(ran.stdout).toContain('-->');
  });
});

describe('--debug', () => {
  it('shows where region, endpoint and keys come from, and each API call with its request id and time on stderr, and never a secret', async () => {
    await using service = await startService();
    const ran = await elbProxyHere(['status', 'web', '--debug', '-o', 'json'], {
      ...service,
      env: { AWS_SECRET_ACCESS_KEY: 'very-secret-key' },
    });
    expect(ran.stderr.match(/^debug: (?:endpoint .+|region .+|keys) from /gm)).toHaveLength(4);
    expect(ran.stderr.match(/^debug: .* request id /gm)).toHaveLength(5);
    expect(ran.stderr.match(/^debug: /gm)).toHaveLength(9);
    expect(ran.stderr).toMatch(
      /debug: DescribeLoadBalancers {2}us-east-1 {2}web {2}attempt 1\/6 {2}HTTP 200 {2}\d+ ms {2}request id \S+/,
    );
    expect(ran.stderr + ran.stdout).not.toContain('very-secret-key');
    expect(ran.stderr).not.toMatch(/Signature|Credential=/);
  });
});

describe('a word that is missing', () => {
  it.each([
    [['schema'], 'choose from status, policies, plan'],
    [['completion'], 'choose from bash, zsh, fish'],
    [['verify'], 'elb-proxy verify backend HOST:PORT... | listen --port N | capture FILE --port N'],
  ])('%j is asked for with what it may be', async (argv, choices) => {
    const ran = await elbProxyHere(argv);
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toContain(' is missing');
    expect(ran.stderr).toContain(choices);
  });
});

describe('the help', () => {
  it.each([[['--help']], [['enable', '--help']]])('is, for %j, as wide as COLUMNS says', async (argv) => {
    const { stdout } = await elbProxyHere(argv, { env: { COLUMNS: '70' } });
    const widest = Math.max(...stdout.split('\n').map((line) => line.length));
    expect(widest).toBeGreaterThan(60);
    expect(widest).toBeLessThanOrEqual(70);
  });
});
