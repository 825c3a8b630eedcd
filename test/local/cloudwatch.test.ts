import { type AlarmType, CloudWatch } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import { decodeCbor, encodeCbor } from '../../src/local/cloudwatch/cbor.js';
import { type Seed, startLocal } from '../../src/local/index.js';
import { temporaryDirectory } from '../helpers/elb-proxy.js';
import { runAws } from '../peers/aws-cli.js';
import { findPeers } from '../peers/peer.js';
import { start } from './clients.js';

const seed: Seed = {
  loadBalancers: [],
  alarms: [
    { name: 'errors', description: 'too many errors' },
    { name: 'no data', state: 'INSUFFICIENT_DATA', period: 300, evaluationPeriods: 3 },
    { name: 'elsewhere', region: 'eu-west-1' },
    { name: 'either', rule: 'ALARM("errors") OR (ALARM("no data") AND NOT FALSE)' },
    { name: 'both levels', rule: 'ALARM(either)' },
  ],
};

/** The JavaScript SDK, which speaks JSON. */
const clientOf = (endpoint: string, region = 'us-east-1') =>
  new CloudWatch({
    endpoint,
    region,
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    maxAttempts: 1,
  });

const both: { AlarmTypes: AlarmType[] } = { AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] };

describe('the local CloudWatch, over the SDK', () => {
  it('describes metric alarms by default, and composite ones where they are asked for', async () => {
    await using service = await start({ seed });
    const client = clientOf(service.local.endpoint);
    const plain = await client.describeAlarms({});
    expect(plain.MetricAlarms?.map(({ AlarmName }) => AlarmName)).toEqual(['errors', 'no data']);
    expect(plain.CompositeAlarms).toEqual([]);
    expect(plain.MetricAlarms?.[1]).toMatchObject({
      AlarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:no data',
      StateValue: 'INSUFFICIENT_DATA',
      Period: 300,
      EvaluationPeriods: 3,
      StateUpdatedTimestamp: expect.any(Date),
    });
    const composite = await client.describeAlarms({ AlarmNames: ['either', 'errors', 'absent'], ...both });
    expect(composite.MetricAlarms).toHaveLength(1);
    expect(composite.CompositeAlarms).toMatchObject([{ AlarmName: 'either', StateValue: 'OK' }]);
  });

  it('keeps alarms by region', async () => {
    await using service = await start({ seed });
    const found = await clientOf(service.local.endpoint, 'eu-west-1').describeAlarms({});
    expect(found.MetricAlarms?.map(({ AlarmName }) => AlarmName)).toEqual(['elsewhere']);
  });

  it('sets a state, which composite alarms follow through several levels', async () => {
    await using service = await start({ seed });
    const client = clientOf(service.local.endpoint);
    const state = async (name: string) => {
      const { MetricAlarms = [], CompositeAlarms = [] } = await client.describeAlarms({
        AlarmNames: [name],
        ...both,
      });
      return [...MetricAlarms, ...CompositeAlarms][0];
    };
    const before = await state('errors');
    await client.setAlarmState({ AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'a rehearsal' });
    expect(await state('errors')).toMatchObject({ StateValue: 'ALARM', StateReason: 'a rehearsal' });
    expect((await state('errors'))?.StateTransitionedTimestamp?.getTime()).toBeGreaterThan(
      before?.StateTransitionedTimestamp?.getTime() ?? Number.POSITIVE_INFINITY,
    );
    expect((await state('either'))?.StateValue).toBe('ALARM');
    expect((await state('both levels'))?.StateValue).toBe('ALARM');
    await client.setAlarmState({ AlarmName: 'errors', StateValue: 'OK', StateReason: 'over' });
    expect((await state('both levels'))?.StateValue).toBe('OK');
  });

  it('gives pages', async () => {
    await using service = await start({
      seed: {
        loadBalancers: [],
        alarms: Array.from({ length: 7 }, (_, index) => ({ name: `alarm-${index}` })),
      },
    });
    const client = clientOf(service.local.endpoint);
    const names: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = await client.describeAlarms({ MaxRecords: 3, NextToken });
      names.push(...(page.MetricAlarms ?? []).flatMap(({ AlarmName }) => AlarmName ?? []));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(names).toEqual(Array.from({ length: 7 }, (_, index) => `alarm-${index}`));
  });

  it.each([
    [
      'an unknown alarm',
      { AlarmName: 'absent', StateValue: 'OK', StateReason: 'x' },
      'ResourceNotFound',
      404,
    ],
    [
      'an unknown state',
      { AlarmName: 'errors', StateValue: 'FINE', StateReason: 'x' },
      'ValidationError',
      400,
    ],
    ['no reason', { AlarmName: 'errors', StateValue: 'OK', StateReason: '' }, 'ValidationError', 400],
    [
      'reason data that is not JSON',
      { AlarmName: 'errors', StateValue: 'OK', StateReason: 'x', StateReasonData: '{' },
      'InvalidFormat',
      400,
    ],
  ])('refuses %s', async (_, input, code, status) => {
    await using service = await start({ seed });
    const failure = await clientOf(service.local.endpoint)
      .setAlarmState(input as Parameters<CloudWatch['setAlarmState']>[0])
      .then(
        () => undefined,
        (error: unknown) => error as { Code?: string; name: string; $metadata: { httpStatusCode: number } },
      );
    expect(failure?.Code ?? failure?.name).toBe(code);
    expect(failure?.$metadata.httpStatusCode).toBe(status);
  });

  it('says so of a body that is not in its protocol, and of an action that is not served', async () => {
    await using service = await start({ seed });
    const ask = async (headers: Record<string, string>, body: string, path = '/') => {
      const answer = await fetch(service.local.endpoint + path, { method: 'POST', headers, body });
      return { status: answer.status, said: answer.headers.get('x-amzn-query-error') };
    };
    const target = (action: string) => ({ 'x-amz-target': `GraniteServiceVersion20100801.${action}` });
    const cbor = { 'smithy-protocol': 'rpc-v2-cbor' };
    const at = (action: string) => `/service/GraniteServiceVersion20100801/operation/${action}`;
    expect(await ask(target('DescribeAlarms'), '{')).toEqual({ status: 400, said: 'ValidationError;Sender' });
    expect(await ask(cbor, '\u0007\u0007', at('DescribeAlarms'))).toEqual({
      status: 400,
      said: 'ValidationError;Sender',
    });
    expect(await ask(target('PutMetricAlarm'), '{}')).toMatchObject({ status: 404 });
    expect(await ask(cbor, '', at('PutMetricAlarm'))).toMatchObject({ status: 404 });
  });

  it('keeps alarms in a state file, and reads one from before there were any', async () => {
    const stateFile = `${await temporaryDirectory()}/state.json`;
    const one = {
      loadBalancers: [
        { name: 'web', listeners: [{ protocol: 'TCP', loadBalancerPort: 443, instancePort: 8443 }] },
      ],
      alarms: [{ name: 'errors' }],
    };
    {
      await using service = await start({ stateFile, seed: one });
      await clientOf(service.local.endpoint).setAlarmState({
        AlarmName: 'errors',
        StateValue: 'ALARM',
        StateReason: 'x',
      });
    }
    await using again = await start({ stateFile });
    expect((await clientOf(again.local.endpoint).describeAlarms({})).MetricAlarms).toMatchObject([
      { AlarmName: 'errors', StateValue: 'ALARM' },
    ]);
  });

  it.each([
    [[{ name: 'a' }, { name: 'a' }], 'alarm a: there are two with that name in us-east-1'],
    [[{ name: 'a', rule: 'ALARM(b' }], 'alarm a, rule: "ALARM(b" can\'t be read'],
    [[{ name: 'a', rule: '(ALARM(b)' }], 'alarm a, rule: a bracket is not closed'],
    [[{ name: 'a', rule: 'ALARM(b) OK(c)' }], 'alarm a, rule: OK follows the rule'],
  ])('refuses a seed with %j', async (alarms, what) => {
    await expect(
      startLocal({ port: 0, dataPlane: false, seed: { loadBalancers: [], alarms } }),
    ).rejects.toThrow(what);
  });
});

describe('the local CloudWatch, over the AWS CLIs', () => {
  it.each(findPeers('aws', 'apt-get install awscli, or pip install awscli'))(
    '%s describes and sets alarms',
    async (aws) => {
      await using service = await start({ seed });
      const cloudwatch = async (...words: string[]) => {
        const env = {
          PATH: process.env['PATH'],
          HOME: '/nonexistent',
          AWS_ACCESS_KEY_ID: 'x',
          AWS_SECRET_ACCESS_KEY: 'x',
          AWS_DEFAULT_REGION: 'us-east-1',
          AWS_ENDPOINT_URL_CLOUDWATCH: service.local.endpoint,
          AWS_PAGER: '',
        };
        const argv = ['cloudwatch', ...words, '--endpoint-url', service.local.endpoint, '--output', 'json'];
        const { exitCode, stdout, stderr } = await runAws(aws, argv, { env });
        if (exitCode !== 0) throw new Error(stderr);
        return stdout === '' ? undefined : JSON.parse(stdout);
      };
      const set = [
        'set-alarm-state',
        '--alarm-name',
        'errors',
        '--state-value',
        'ALARM',
        '--state-reason',
        'a rehearsal',
      ];
      await cloudwatch(...set);
      const found = await cloudwatch('describe-alarms', '--alarm-types', 'MetricAlarm', 'CompositeAlarm');
      expect(found.MetricAlarms).toMatchObject([
        { AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'a rehearsal', Dimensions: [] },
        { AlarmName: 'no data', StateValue: 'INSUFFICIENT_DATA' },
      ]);
      expect(found.CompositeAlarms).toMatchObject([
        { AlarmName: 'both levels', StateValue: 'ALARM' },
        { AlarmName: 'either', StateValue: 'ALARM' },
      ]);
      await expect(
        cloudwatch('set-alarm-state', '--alarm-name', 'absent', '--state-value', 'OK', '--state-reason', 'x'),
      ).rejects.toThrow('ResourceNotFound');
    },
  );
});

describe('CBOR', () => {
  it('reads what it writes', () => {
    const value = {
      text: 'käse',
      many: [1, 2.5, true, false, -3.25],
      none: [],
      big: 70_000,
      deep: { a: { b: ['c'] } },
    };
    expect(decodeCbor(encodeCbor(value))).toEqual(value);
  });

  it.each([
    'bf6161ff',
    'a16161',
    '9f01',
    '1f',
    '7a00ffffff',
    '9bffffffffffffffff',
    '0000',
    '82'.repeat(40),
    '9a01ffffff'.repeat(12),
  ])('does not read %s', (hex) => {
    expect(() => decodeCbor(Buffer.from(hex, 'hex'))).toThrow();
  });
});
