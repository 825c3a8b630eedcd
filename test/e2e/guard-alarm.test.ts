import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { type CloudWatchAnswer, startFakeCloudWatch } from '../helpers/fake-cloudwatch.js';
import { type Guarded, startGuarded } from '../helpers/guarded.js';
import { startRelay } from '../helpers/relay.js';
import { findPeers } from '../peers/peer.js';

const enable = (web: Guarded, ...more: readonly string[]) => [
  'enable',
  'web',
  '--port',
  String(web.port),
  '--guard',
  'alarm:errors',
  '--yes',
  '-o',
  'json',
  ...more,
];

/** Everything at one endpoint, as `local -- command` sets it. */
const atOne = ({ service: { endpoint } }: Guarded) => ({
  endpoint,
  env: { AWS_ENDPOINT_URL_CLOUDWATCH: endpoint },
});

const alarms = [{ name: 'errors' }];

describe.concurrent('enable --guard alarm:NAME', () => {
  it.each(findPeers('aws', 'apt-get install awscli, or pip install awscli'))(
    'takes the change back when %s sets the alarm in mid-hold: exit 4',
    async (aws) => {
      await using web = await startGuarded('accepts', { alarms });
      const running = elbProxyHere(enable(web, '--guard-hold', '60s'), atOne(web));
      await web.once('on');
      await promisify(execFile)(
        aws,
        [
          'cloudwatch',
          'set-alarm-state',
          '--endpoint-url',
          web.service.endpoint,
          '--alarm-name',
          'errors',
          '--state-value',
          'ALARM',
          '--state-reason',
          'a rehearsal',
        ],
        {
          env: {
            PATH: process.env['PATH'],
            HOME: '/nonexistent',
            AWS_ACCESS_KEY_ID: 'x',
            AWS_SECRET_ACCESS_KEY: 'x',
            AWS_DEFAULT_REGION: 'us-east-1',
          },
        },
      );
      const ran = await running;
      expect(ran.code).toBe(4);
      const report = ran.json();
      expect(report).toMatchObject({
        outcome: 'rolled-back',
        error: {
          code: 'guard-failed',
          message: expect.stringMatching(
            /^the guard alarm:errors in us-east-1 failed after the change: ALARM since \S+: a rehearsal$/,
          ),
        },
        guard: { probes: ['alarm:errors'] },
      });
      expect(report.guard.checks[0]).toMatchObject({ phase: 'baseline', seen: 'OK', target: 'us-east-1' });
      expect(report.guard.checks.at(-1)).toMatchObject({ phase: 'restored', passed: false });
      expect(web.isOn()).toBe(false);
    },
  );

  it('leaves the change where the alarm stays OK through the hold', async () => {
    await using web = await startGuarded('accepts', { alarms });
    const ran = await elbProxyHere(enable(web, '--guard-hold', '3s'), atOne(web));
    expect(ran.code).toBe(0);
    expect(
      ran.json().guard.checks.filter(({ phase }: { phase: string }) => phase === 'after').length,
    ).toBeGreaterThan(1);
    expect(web.isOn()).toBe(true);
  });

  it('asks for ten alarms in one call, metric and composite ones', async () => {
    await using web = await startGuarded('accepts');
    await using cloudWatch = await startFakeCloudWatch();
    const names = Array.from({ length: 10 }, (_, index) => `alarm, no. ${index}`);
    const ran = await elbProxyHere(
      [
        'enable',
        'web',
        '--port',
        String(web.port),
        '--yes',
        '-o',
        'json',
        '--guard-hold',
        '1s',
        ...names.flatMap((name) => ['--guard', `alarm:${name}`]),
      ],
      { endpoint: web.service.endpoint, env: { AWS_ENDPOINT_URL_CLOUDWATCH: cloudWatch.endpoint } },
    );
    expect(ran.code).toBe(0);
    expect(ran.json().guard.probes).toEqual(names.map((name) => `alarm:${name}`));
    expect(cloudWatch.asked.length).toBeLessThanOrEqual(4);
    expect(cloudWatch.asked[0]).toEqual({ AlarmNames: names, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] });
  });

  it('takes --endpoint-url for CloudWatch, too, and debug shows its calls', async () => {
    await using web = await startGuarded('accepts', { alarms });
    const { endpoint } = web.service;
    const ran = await elbProxyHere(enable(web, '--guard-hold', '1s', '--endpoint-url', endpoint, '--debug'));
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(/debug: DescribeAlarms {2}us-east-1 .*HTTP 200/);
  });

  it("sends a clone's keys nowhere else: without an endpoint for CloudWatch nothing is asked or written", async () => {
    await using web = await startGuarded('accepts', { alarms });
    await using relay = await startRelay(web.service.endpoint);
    const ran = await elbProxyHere(enable(web), relay);
    expect(ran.code).toBe(3);
    expect(ran.json().error).toMatchObject({
      message: expect.stringContaining('none is set for CloudWatch'),
      hint: expect.stringContaining('AWS_ENDPOINT_URL_CLOUDWATCH'),
    });
    expect(relay.writes()).toEqual([]);
  });

  it('says of a hold that ends before the alarm could notice how long it would have to be', async () => {
    await using web = await startGuarded('accepts', {
      alarms: [{ name: 'errors', period: 60, evaluationPeriods: 3 }],
    });
    const ran = await elbProxyHere(enable(web, '--guard-hold', '1s'), atOne(web));
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('it may take 180 s to notice a fault, but is only watched for 1 s');
    expect(ran.json().guard.notes).toHaveLength(1);
  });
});

describe.concurrent('before the change, one clear error and nothing written:', () => {
  const ok = (state: string): CloudWatchAnswer => ({ alarms: [{ name: 'errors', state }] });
  it.each<{ what: string; answer: CloudWatchAnswer; said: string; hint?: string }>([
    {
      what: 'an unknown alarm, or a composite one that may not be seen',
      answer: { alarms: [] },
      said: 'there is no alarm of this name in us-east-1',
      hint: 'cloudwatch:DescribeAlarms on *',
    },
    {
      what: 'an alarm in ALARM',
      answer: ok('ALARM'),
      said: 'ALARM since 2023-11-14T22:13:20.000Z: said so',
      hint: 'wait until it is OK',
    },
    {
      what: 'an alarm without data',
      answer: ok('INSUFFICIENT_DATA'),
      said: 'INSUFFICIENT_DATA',
      hint: '--guard-alarm-missing-data ok',
    },
    { what: 'an unknown state', answer: ok('LATER'), said: 'LATER' },
    {
      what: 'a refusal',
      answer: { code: 'AccessDeniedException' },
      said: '(AccessDeniedException)',
      hint: 'elb-proxy iam-policy --guard-alarms',
    },
    {
      what: 'a refusal in the older words',
      answer: { code: 'AccessDenied', status: 403 },
      said: '(AccessDenied)',
      hint: 'cloudwatch:DescribeAlarms',
    },
    { what: 'throttling', answer: { code: 'ThrottlingException' }, said: 'ThrottlingException' },
    { what: 'an answer without a list', answer: { body: '{}' }, said: 'the answer lacks MetricAlarms' },
    {
      what: 'a login page',
      answer: { body: '<html>log in</html>' },
      said: "HTTP 200 with an answer that is not CloudWatch's",
    },
    {
      what: 'a server that breaks',
      answer: { body: '', status: 500 },
      said: 'DescribeAlarms in us-east-1 failed',
    },
    { what: 'a reset', answer: 'reset', said: 'closed the connection' },
  ])('$what', async ({ answer, said, hint }) => {
    await using web = await startGuarded('accepts');
    await using relay = await startRelay(web.service.endpoint);
    await using cloudWatch = await startFakeCloudWatch(answer);
    const env = { AWS_ENDPOINT_URL_CLOUDWATCH: cloudWatch.endpoint, AWS_MAX_ATTEMPTS: '2' };
    const ran = await elbProxyHere(enable(web), { endpoint: relay.endpoint, env });
    expect(ran.code).toBe(3);
    const report = ran.json();
    expect(report).toMatchObject({
      outcome: 'refused',
      changeId: null,
      error: { code: 'guard-baseline-failed' },
    });
    expect(report.error.message).toContain(said);
    if (hint !== undefined) expect(report.error.hint).toContain(hint);
    expect(relay.writes()).toEqual([]);
  });

  it('INSUFFICIENT_DATA passes, before and after, where the user says so', async () => {
    await using web = await startGuarded('accepts', {
      alarms: [{ name: 'errors', state: 'INSUFFICIENT_DATA' }],
    });
    const ran = await elbProxyHere(
      enable(web, '--guard-hold', '1s', '--guard-alarm-missing-data', 'ok'),
      atOne(web),
    );
    expect(ran.code).toBe(0);
  });
});

describe.concurrent('in mid-hold the change is taken back, and it is said why:', () => {
  it.each<{ what: string; answer: CloudWatchAnswer; said: string }>([
    {
      what: 'DescribeAlarms is throttled',
      answer: { code: 'ThrottlingException' },
      said: 'ThrottlingException',
    },
    {
      what: 'DescribeAlarms is refused',
      answer: { code: 'AccessDeniedException' },
      said: 'AccessDeniedException',
    },
    { what: 'the alarm is deleted', answer: { alarms: [] }, said: 'there is no alarm of this name' },
    {
      what: 'the alarm has no data',
      answer: { alarms: [{ name: 'errors', state: 'INSUFFICIENT_DATA' }] },
      said: 'INSUFFICIENT_DATA',
    },
    {
      what: 'the alarm went off and is OK again',
      answer: { alarms: [{ name: 'errors', state: 'OK', since: 1_700_000_100 }] },
      said: 'but not in between',
    },
    { what: 'the answer is a page', answer: { body: '<html>' }, said: 'DescribeAlarms in us-east-1 failed' },
    { what: 'nothing answers', answer: 'silence', said: 'did not answer within 15 s' },
  ])('$what', async ({ answer, said }) => {
    await using web = await startGuarded('accepts');
    await using cloudWatch = await startFakeCloudWatch();
    const env = { AWS_ENDPOINT_URL_CLOUDWATCH: cloudWatch.endpoint, AWS_MAX_ATTEMPTS: '2' };
    const running = elbProxyHere(enable(web, '--guard-hold', '60s'), { endpoint: web.service.endpoint, env });
    await web.once('on');
    cloudWatch.answer = answer;
    const ran = await running;
    expect(ran.code).toBe(4);
    expect(ran.json()).toMatchObject({ outcome: 'rolled-back', error: { code: 'guard-failed' } });
    expect(ran.json().error.message).toContain(said);
    expect(web.isOn()).toBe(false);
  });
});

it.concurrent('throttling is waited for a while by default, and then said, not taken for silence', async () => {
  await using web = await startGuarded('accepts');
  await using cloudWatch = await startFakeCloudWatch({ code: 'ThrottlingException' });
  const env = { AWS_ENDPOINT_URL_CLOUDWATCH: cloudWatch.endpoint };
  const ran = await elbProxyHere(enable(web), { endpoint: web.service.endpoint, env });
  expect(ran.code).toBe(3);
  expect(ran.json().error.message).toContain('ThrottlingException');
  expect(cloudWatch.asked).toHaveLength(4);
});

describe.concurrent('a usage error, before anything is read:', () => {
  const eleven = Array.from({ length: 11 }, (_, index) => ['--guard', `alarm:${index}`]).flat();
  it.each([
    [['--guard', 'tcp', '--guard', 'tcp'], '--guard "tcp" is given more than once'],
    [
      ['--guard', 'alarm:a', '--guard', 'health', '--guard', 'alarm:a'],
      '--guard "alarm:a" is given more than once',
    ],
    [eleven, '--guard names 11 alarms; at most 10 are watched'],
    [
      Array.from({ length: 11 }, (_, index) => ['--guard', `http:/${index}`]).flat(),
      '11 probes are given with --guard',
    ],
    [['--guard', 'alarm:'], '--guard "alarm:": an alarm\'s name has 1 to 255 characters'],
    [['--guard', 'alarm'], '--guard alarm: not a probe'],
    [['--guard', 'healthy'], '--guard healthy: not a probe'],
    [['--guard', 'alarm:arn:aws:cloudwatch:eu-west-1:123456789012:alarm:web'], 'give alarm:web'],
    [['--guard', 'health', '--guard-target', 'a:1'], '--guard-target only works with a guard that connects'],
    [
      ['--guard', 'tcp', '--guard-alarm-missing-data', 'ok'],
      '--guard-alarm-missing-data only works with --guard alarm:NAME',
    ],
    [
      ['--guard', 'alarm:a', '--guard-alarm-missing-data', 'fine'],
      '--guard-alarm-missing-data fine: choose from ok',
    ],
    [['--guard-alarm-missing-data', 'ok'], '--guard-alarm-missing-data only works with --guard'],
  ])('%j', async (words, said) => {
    const ran = await elbProxyHere(['enable', 'web', '--port', '1', ...words]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(said);
  });
});
