import { appendFile, readFile, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { startRelay } from '../helpers/relay.js';
import { startService } from '../helpers/service.js';

/** What is typed, the code of the error, and what its text must name: the field, the value, the way out. */
const wrong: readonly (readonly [
  what: string,
  argv: readonly string[],
  code: string,
  names: readonly string[],
])[] = [
  [
    'an unknown load balancer',
    ['enable', 'nope', '--port', '80'],
    'LoadBalancerNotFound',
    ['nope', 'us-east-1', 'elb-proxy status'],
  ],
  [
    'a port that is not an instance port',
    ['enable', 'web', '--port', '22'],
    'usage',
    ['--port 22', 'web', '8443, 9443, 9444'],
  ],
  [
    'a load balancer port instead of an instance port',
    ['enable', 'web', '--port', '443'],
    'usage',
    ['--port 443', 'use --port 8443'],
  ],
  ['port 0', ['enable', 'web', '--port', '0'], 'usage', ['--port 0', '1 to 65535']],
  ['port 70000', ['enable', 'web', '--port', '70000'], 'usage', ['--port 70000', '1 to 65535']],
  ['port abc', ['enable', 'web', '--port', 'abc'], 'usage', ['--port abc', '1 to 65535']],
  ['a port list with a hole', ['enable', 'web', '--port', '80,,81'], 'usage', ['--port', 'empty']],
  ['an empty name', ['enable', '', '--port', '8443'], 'usage', ['name is empty']],
  ['no name', ['enable', '--port', '8443'], 'usage', ['no load balancer is named', 'elb-proxy enable']],
  ['no port', ['enable', 'web'], 'usage', ['no instance port', '--all-ports']],
  [
    'a scalar option given twice',
    ['enable', 'web', '--port', '8443', '--policy-name', 'a', '--policy-name', 'b'],
    'usage',
    ['--policy-name', 'a, b'],
  ],
  [
    'two regions where one is meant',
    ['enable', 'web', '--port', '8443', '--region', 'a', '--region', 'b'],
    'usage',
    ['--region', 'a, b'],
  ],
  [
    'a policy name with an illegal character',
    ['enable', 'web', '--port', '8443', '--policy-name', 'a_b'],
    'usage',
    ['--policy-name "a_b"', 'letters, digits and dashes'],
  ],
  [
    'a policy name that another kind of policy has',
    ['enable', 'web', '--port', '8443', '--policy-name', 'z-auth'],
    'usage',
    ['z-auth', 'BackendServerAuthenticationPolicyType', '--policy-name'],
  ],
  [
    'an unknown blocker',
    ['enable', 'web', '--port', '8443', '--force', 'everything'],
    'usage',
    ['--force everything', 'http-health-check'],
  ],
  ['an unknown option', ['status', '--prot', '80'], 'usage', ['--prot', 'elb-proxy status --help']],
  ['an unknown command', ['enbale', 'web'], 'usage', ['enbale']],
  ['an option without its value', ['enable', 'web', '--port'], 'usage', ['--port needs a value']],
  [
    '--out without --dry-run',
    ['enable', 'web', '--port', '8443', '--out', 'x.json'],
    'usage',
    ['--out', '--dry-run'],
  ],
  ['an argument too many', ['policies', 'web', 'api'], 'usage', ['"api"']],
  [
    'an unknown change',
    ['undo', '20200101-000000-abcdef'],
    'usage',
    ['20200101-000000-abcdef', 'elb-proxy history'],
  ],
  ['an undo of nothing', ['undo'], 'usage', ['nothing to undo']],
  [
    'a flag with a value that is none',
    ['enable', 'web', '--port', '8443', '--dry-run=yes'],
    'usage',
    ['--dry-run takes no value', '"yes"'],
  ],
  [
    '--force without a code',
    ['enable', 'web', '--port', '8443', '--force'],
    'usage',
    ['--force CODE', 'http-listener'],
  ],
  ['a command by the name another tool has for it', ['ls'], 'usage', ['elb-proxy status']],
  ['a rollback', ['rollback'], 'usage', ['elb-proxy undo']],
  ['help on what is not there', ['help', 'nosuch'], 'usage', ['nosuch']],
  [
    'an option by the name another tool has for it',
    ['enable', 'web', '--instance-port', '80'],
    'usage',
    ['--port'],
  ],
  ['--json', ['status', '--json'], 'usage', ['--output json']],
  ['--auto-approve', ['enable', 'web', '--auto-approve'], 'usage', ['--yes']],
  ['--name', ['policies', '--name', 'web'], 'usage', ['elb-proxy policies NAME']],
  ['an abbreviation', ['enable', 'web', '--dry'], 'usage', ['--dry-run']],
  ['a prefix that edit distance would miss', ['enable', 'web', '--verify'], 'usage', ['--verify-backends']],
  [
    'an ARN for a name',
    ['status', 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/web'],
    'usage',
    ['an ARN', 'elb-proxy status web --region eu-west-1'],
  ],
  [
    'the ARN of another kind of load balancer',
    ['policies', 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188'],
    'usage',
    ['Application Load Balancer'],
  ],
  ['an option that every object has', ['status', '--constructor'], 'usage', ['unknown option --constructor']],
  ['an unknown output format', ['status', '--output', 'yaml'], 'usage', ['--output yaml', 'text, json']],
];

describe('bad input gets one clear error, exit 1, and nothing is touched', () => {
  it.each(wrong)('%s', async (_what, argv, code, names) => {
    await using service = await startService();
    await using relay = await startRelay(service.endpoint);
    const text = await elbProxyHere([...argv, ...(argv[0] === 'enable' ? ['--yes'] : [])], relay);
    expect(text.code).toBe(1);
    expect(text.stdout).toBe('');
    for (const name of names) expect(text.stderr.replaceAll(/\s+/g, ' ')).toContain(name);
    expect(relay.writes()).toEqual([]);
    if (argv.includes('--output')) return;
    const json = await elbProxyHere(
      [...argv, ...(argv[0] === 'enable' ? ['--yes'] : []), '-o', 'json'],
      relay,
    );
    expect(json.code).toBe(1);
    expect(json.json()).toMatchObject({ formatVersion: 1, error: { code } });
    expect(json.stderr).not.toBe('');
  });
});

describe('a file that is not a plan', () => {
  const planFile = async (endpoint: string): Promise<string> => {
    const file = `${await temporaryDirectory()}/plan.json`;
    await elbProxyHere(['enable', 'web', '--port', '8443', '--dry-run', '--out', file], { endpoint });
    return file;
  };
  const edited =
    (
      change: (plan: {
        formatVersion: number;
        changes: { loadBalancer: { dnsName?: string }; steps: { call: string; policyName?: string }[] }[];
      }) => void,
    ) =>
    async (file: string) => {
      const plan = JSON.parse(await readFile(file, 'utf8'));
      change(plan);
      await writeFile(file, JSON.stringify(plan));
    };

  it.each([
    ['is not JSON', (file: string) => writeFile(file, 'hello'), 'is not valid JSON'],
    ['is truncated', (file: string) => truncate(file, 200), 'or is truncated'],
    ['is of another version', edited((plan) => (plan.formatVersion = 2)), 'formatVersion is 2'],
    [
      'has an unknown call',
      edited((plan) => Object.assign(plan.changes[0]?.steps[0] ?? {}, { call: 'DeleteLoadBalancer' })),
      'changes[0].steps[0].call',
    ],
    [
      'was edited after it was made',
      edited((plan) => Object.assign(plan.changes[0]?.loadBalancer ?? {}, { dnsName: 'other.example' })),
      'digest',
    ],
    ['is 50 MB large', (file: string) => truncate(file, 50 * 1024 * 1024), '50 MB'],
    ['is empty', (file: string) => writeFile(file, ''), 'is not valid JSON'],
  ])('because it %s', async (_what, spoil, names) => {
    await using service = await startService();
    const file = await planFile(service.endpoint);
    await spoil(file);
    await using relay = await startRelay(service.endpoint);
    const ran = await elbProxyHere(['apply', file, '--yes', '-o', 'json'], relay);
    expect(ran.code).toBe(1);
    expect(ran.json().error).toMatchObject({ code: 'invalid-plan', message: expect.stringContaining(names) });
    expect(ran.json().error.message).toContain(file);
    expect(relay.calls).toEqual([]);
  });
});

describe('a journal that was damaged', () => {
  it('is read as far as possible: the rest is reported, left as it is, and stops nothing', async () => {
    await using service = await startService();
    const stateDirectory = await temporaryDirectory();
    const options = { endpoint: service.endpoint, stateDirectory };
    const enabled = await elbProxyHere(['enable', 'web', '--port', '8443', '--yes', '-o', 'json'], options);
    const path = `${stateDirectory}/journal.jsonl`;
    const whole = await readFile(path, 'utf8');
    await appendFile(path, 'garbage\n{"formatVersion":9}\n{"formatVersion":1,"changeId":"cut');
    // The newest change can't be read, so which one is meant has to be said.
    const refused = await elbProxyHere(['undo', '--yes', '-o', 'json'], options);
    expect([refused.code, refused.json().error.code]).toEqual([3, 'journal-unreadable']);
    const undone = await elbProxyHere(['undo', enabled.json().changeId, '--yes'], options);
    expect(undone.code).toBe(0);
    expect(undone.stderr).toMatch(/line 7 .*skipped/s);
    expect(undone.stderr).toMatch(/line 9 .*skipped/s);
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth']);
    const after = await readFile(path, 'utf8');
    expect(
      after.startsWith(`${whole}garbage\n{"formatVersion":9}\n{"formatVersion":1,"changeId":"cut\n`),
    ).toBe(true);
    const history = await elbProxyHere(['history', '-o', 'json'], options);
    expect(history.json().changes).toHaveLength(2);
    expect(history.json().warnings).toHaveLength(3);
  });

  it("stops every change before its first write if it can't be written", async () => {
    await using service = await startService();
    await using relay = await startRelay(service.endpoint);
    const file = `${await temporaryDirectory()}/not-a-directory`;
    await writeFile(file, '');
    const ran = await elbProxyHere(['enable', 'web', '--port', '8443', '--yes', '-o', 'json'], {
      ...relay,
      stateDirectory: file,
    });
    expect(ran.code).toBe(1);
    expect(ran.json()).toMatchObject({
      outcome: 'unchanged',
      error: { code: 'journal', hint: expect.stringContaining('ELB_PROXY_STATE_DIR') },
    });
    expect(relay.writes()).toEqual([]);
  });
});

describe('a connection that fails', () => {
  it('says how to provide credentials if there are none', async () => {
    await using service = await startService();
    const ran = await elbProxyHere(['status', '-o', 'json'], {
      ...service,
      env: { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined },
    });
    expect(ran.code).toBe(1);
    expect(ran.json().error).toMatchObject({
      code: 'no-credentials',
      hint: expect.stringContaining('AWS_PROFILE'),
    });
  });

  it('says how to set a region if there is none, and AWS_DEFAULT_REGION alone is enough', async () => {
    await using service = await startService();
    const without = await elbProxyHere(['status', '-o', 'json'], {
      ...service,
      env: { AWS_REGION: undefined },
    });
    expect(without.code).toBe(1);
    expect(without.json().error).toMatchObject({
      code: 'no-region',
      hint: expect.stringContaining('--region'),
    });
    const withDefault = await elbProxyHere(['status', '-o', 'json'], {
      ...service,
      env: { AWS_REGION: undefined, AWS_DEFAULT_REGION: 'us-east-1' },
    });
    expect(withDefault.json().loadBalancers).toHaveLength(1);
  });

  it('because nothing listens there names the endpoint', async () => {
    const ran = await elbProxyHere(['status', '-o', 'json', '--endpoint-url', 'http://127.0.0.1:9'], {});
    expect(ran.code).toBe(1);
    expect(ran.json().error).toMatchObject({
      code: 'unreachable-endpoint',
      message: expect.stringContaining('http://127.0.0.1:9'),
    });
  });

  it.each([
    [200, '<html><body>Welcome</body></html>'],
    [200, ''],
    [404, 'not here'],
  ])(
    'because the server answers HTTP %i with something else, which is not taken for an empty list',
    async (status, body) => {
      const server = createServer((_request, response) => response.writeHead(status).end(body));
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve);
      });
      const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const ran = await elbProxyHere(['status', '-o', 'json'], { endpoint });
      server.close();
      expect(ran.code).toBe(1);
      expect(ran.json().error).toMatchObject({ code: 'not-an-elb-api' });
    },
  );
});
