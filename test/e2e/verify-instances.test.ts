import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SSM } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { documentHashes, documentText } from '../../src/core/instance-probe/document.js';
import { acceptProxyProtocol } from '../../src/proxy-protocol/index.js';
import { verifySchema } from '../../src/render/json/verify-schema.js';
import { elbProxy, type Ran } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { startService } from '../helpers/service.js';
import { Stage } from '../peers/verify-servers.js';

const web = () => createServer((_, response) => void response.end('ok'));
const ids = [1, 2, 3, 4].map((n) => `i-0a1b2c3d4e5f6000${n}`) as [string, string, string, string];
const uuid = '11111111-2222-4333-8444-555555555555';

const seedOf = (instancePort: number, instances: readonly string[] = ids) => ({
  loadBalancers: [
    { name: 'web', listeners: [{ protocol: 'TCP', loadBalancerPort: 443, instancePort }], instances },
  ],
  managedInstances: [
    { id: ids[1], ping: 'ConnectionLost' as const },
    { id: ids[2], platform: 'Windows' as const },
    { id: ids[3], ping: 'none' as const },
  ],
});

const endpoints = (endpoint: string, ssm = endpoint) => ({
  AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING: endpoint,
  AWS_ENDPOINT_URL_EC2: endpoint,
  AWS_ENDPOINT_URL_SSM: ssm,
});

const createDocument = (endpoint: string, Content = documentText) =>
  new SSM({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  }).createDocument({ Name: 'elb-proxy-probe', Content });

/** The words of a command that has the instances of the load balancer `web` probe a port of their own. */
function fromInstances(instancePort: number, ...more: readonly string[]): string[] {
  const words = ['verify', 'backend', '--load-balancer', 'web', '--port', String(instancePort)];
  return [...words, '--from', 'instances', ...more];
}

describe.concurrent('verify backend --from instances', () => {
  it("has each instance probe itself, and names those that can't", async () => {
    await using stage = await Stage.open();
    const port = await stage.listen(acceptProxyProtocol(web(), { mode: 'required' }));
    await using service = await startService(seedOf(port), { dataPlane: false });
    await createDocument(service.endpoint);
    const ran = await elbProxyHere(fromInstances(port, '-o', 'json'), { env: endpoints(service.endpoint) });
    const document = ran.json();
    expect(verifySchema.parse(document)).toEqual(document);
    expect(document.results).toMatchObject([
      {
        instanceId: ids[0],
        verdict: 'requires-proxy',
        confidence: 'strong',
        vantage: { kind: 'instance', instanceId: ids[0] },
      },
      { instanceId: ids[1], verdict: 'inconclusive', reason: expect.stringContaining('ConnectionLost') },
      { instanceId: ids[2], verdict: 'inconclusive', reason: expect.stringContaining('runs Windows') },
      { instanceId: ids[3], verdict: 'inconclusive', reason: expect.stringContaining('does not know') },
    ]);
    expect([ran.code, ran.stderr.includes(`${ids[1]} is inconclusive`)]).toEqual([4, true]);
  });

  it('shows it as text, as seen from the instance itself, and also by AWS-RunShellScript where that is allowed', async () => {
    await using stage = await Stage.open();
    const port = await stage.listen(web());
    await using service = await startService(seedOf(port, [ids[0]]), { dataPlane: false });
    const ran = await elbProxyHere(fromInstances(port, '--allow-run-shell-script'), {
      env: endpoints(service.endpoint),
    });
    expect([ran.code, ran.stdout]).toEqual([
      0,
      expect.stringMatching(
        new RegExp(
          `^${ids[0]} \\(127\\.0\\.0\\.1:\\d+\\) does not accept the PROXY line\\n {2}no-proxy, strong, as seen from the instance itself\\n`,
        ),
      ),
    ]);
  });

  it('says what to run where the document is not there, or another', async () => {
    await using service = await startService(seedOf(8443, [ids[0]]), { dataPlane: false });
    const argv = fromInstances(8443);
    const env = endpoints(service.endpoint);
    const none = await elbProxyHere([...argv, '-o', 'json'], { env });
    expect([none.code, none.json().error]).toMatchObject([
      1,
      {
        code: 'no-ssm-document',
        hint: expect.stringContaining(
          'elb-proxy ssm-document > elb-proxy-probe.json && aws ssm create-document --name elb-proxy-probe --region us-east-1',
        ),
      },
    ]);
    await createDocument(service.endpoint, documentText.replace('version 1', 'version 0'));
    const other = await elbProxyHere([...argv, '-o', 'json'], { env });
    expect([other.code, other.json().error]).toMatchObject([
      1,
      { code: 'other-ssm-document', hint: expect.stringContaining('aws ssm update-document --name') },
    ]);
  });

  it.each<readonly [argv: readonly string[], message: string]>([
    [['verify', 'backend', '--from', 'instances'], '--from instances needs --load-balancer'],
    [['verify', 'backend', '10.0.0.5:8443', '--from', 'instances'], '--from instances needs --load-balancer'],
    [['verify', 'backend', '10.0.0.5:8443', '--ssm-document', 'x-y-z'], 'only work with --from instances'],
    [['verify', 'listen', '--port', '0', '--from', 'instances'], '--from only works with verify backend'],
    [
      [
        'verify',
        'backend',
        '--load-balancer',
        'w',
        '--port',
        '1',
        '--from',
        'instances',
        '--ssm-document',
        'AWS-RunShellScript',
      ],
      "only this tool's own document is sent",
    ],
    [
      [
        'verify',
        'backend',
        '--load-balancer',
        'w',
        '--port',
        '1',
        '--from',
        'instances',
        '--ssm-document',
        "x'; id",
      ],
      "give a document's name or ARN",
    ],
    [
      [
        'verify',
        'backend',
        '--load-balancer',
        'w',
        '--port',
        '1',
        '--from',
        'instances',
        '--tls-server-name',
        "a';id",
      ],
      'give a host name',
    ],
    [
      [
        'verify',
        'backend',
        '--load-balancer',
        'w',
        '--port',
        '1',
        '--from',
        'instances',
        '--ssm-document',
        'x-y-z',
        '--allow-run-shell-script',
      ],
      'are both given',
    ],
    [
      [
        'verify',
        'backend',
        '--load-balancer',
        'w',
        '--port',
        '1',
        '--from',
        'instances',
        '--concurrency',
        '3',
      ],
      '--concurrency only works with --from here',
    ],
    [
      ['enable', 'web', '--port', '1', '--ssm-document', 'x-y-z'],
      'only work with --verify-backends=instances',
    ],
    [['iam-policy', '--ssm-document', 'x-y-z'], 'only works with --from instances'],
  ])('%j is a usage error', async (argv, message) => {
    const ran = await elbProxyHere(argv, { endpoint: 'http://127.0.0.1:9' });
    expect([ran.code, ran.stdout, ran.stderr.replaceAll(/\s+/g, ' ')]).toEqual([
      1,
      '',
      expect.stringContaining(message),
    ]);
  });

  it('asks no Systems Manager of AWS with the keys of a custom endpoint', async () => {
    await using service = await startService(seedOf(8443, [ids[0]]), { dataPlane: false });
    const ran = await elbProxyHere(fromInstances(8443, '-o', 'json'), {
      env: { ...endpoints(service.endpoint), AWS_ENDPOINT_URL_SSM: undefined },
    });
    expect(ran.json().error).toMatchObject({ code: 'no-ssm-endpoint' });
  });

  it.each([['--from', 'instances'], []])(
    'asks no EC2 of AWS with the keys of a custom endpoint: %s',
    async (...from) => {
      await using service = await startService(seedOf(8443, [ids[0]]), { dataPlane: false });
      const argv = ['verify', 'backend', '--load-balancer', 'web', '--port', '8443', ...from, '-o', 'json'];
      const env = { ...endpoints(service.endpoint), AWS_ENDPOINT_URL_EC2: undefined };
      const ran = await elbProxyHere(argv, { env });
      expect(ran.code).toBe(1);
      expect(ran.json().error).toMatchObject({
        code: 'no-ec2-endpoint',
        hint: expect.stringContaining('set AWS_ENDPOINT_URL_EC2 to'),
      });
    },
  );

  it.each([
    ['AWS_ENDPOINT_URL_EC2', 'DescribeInstances'],
    ['AWS_ENDPOINT_URL_SSM', 'DescribeDocument'],
  ])('names %s where nothing listens there', async (variable, action) => {
    await using service = await startService(seedOf(8443, [ids[0]]), { dataPlane: false });
    const ran = await elbProxyHere(fromInstances(8443, '-o', 'json'), {
      env: { ...endpoints(service.endpoint), AWS_MAX_ATTEMPTS: '1', [variable]: 'http://127.0.0.1:9' },
    });
    const { message, hint } = ran.json().error;
    expect(message).toContain(`${action} in us-east-1 failed: http://127.0.0.1:9 (from ${variable})`);
    expect(hint).toBe(`check that the API runs there, or set ${variable} to where it does`);
  });
});

it.concurrent('knows the document by its text where the service has another hash of it', async () => {
  await using stage = await Stage.open();
  const port = await stage.listen(web());
  await using service = await startService(seedOf(port, [ids[0]]), { dataPlane: false });
  await createDocument(service.endpoint, JSON.stringify(JSON.parse(documentText)));
  const ran = await elbProxyHere(fromInstances(port, '-o', 'json'), { env: endpoints(service.endpoint) });
  expect(ran.json().results).toMatchObject([{ verdict: 'no-proxy' }]);
});

describe.concurrent('enable --verify-backends=instances', () => {
  it('stops where an instance does not take the line', async () => {
    await using stage = await Stage.open();
    const port = await stage.listen(web());
    await using service = await startService(seedOf(port, ids.slice(0, 2)), { dataPlane: false });
    await createDocument(service.endpoint);
    const ran = await elbProxyHere(
      ['enable', 'web', '--port', String(port), '--verify-backends=instances', '--dry-run', '-o', 'json'],
      { env: endpoints(service.endpoint) },
    );
    const codes = ran.json().changes[0].hazards.map(({ code }: { readonly code: string }) => code);
    expect(codes).toEqual(expect.arrayContaining(['backend-rejects-proxy', 'backend-inconclusive']));
  });
});

describe.concurrent('the targets of a target group', () => {
  const group = (targets: readonly (string | { id: string; port: number })[], of: object = {}) => ({
    loadBalancers: [],
    elbv2: {
      targetGroups: [{ name: 'blue', protocol: 'TCP', port: 1, targets, ...of }],
      loadBalancers: [{ name: 'edge', listeners: [{ protocol: 'TCP', port: 443, targetGroups: ['blue'] }] }],
    },
    managedInstances: [{ id: ids[2], ping: 'none' as const }],
  });
  const env = (endpoint: string) => ({ AWS_ENDPOINT_URL: endpoint });
  const ask = [
    'verify',
    'backend',
    '--load-balancer',
    'edge',
    '--target-group',
    'blue',
    '--from',
    'instances',
  ];

  it('probe themselves, each on its own port, with headers of version 2', async () => {
    await using stage = await Stage.open();
    const strict = await stage.listen(acceptProxyProtocol(web(), { mode: 'required' }));
    const plain = await stage.listen(web());
    await using service = await startService(
      group([
        { id: ids[0], port: strict },
        { id: ids[1], port: plain },
        { id: ids[2], port: plain },
      ]),
      { dataPlane: false },
    );
    await createDocument(service.endpoint);
    const ran = await elbProxyHere([...ask, '-o', 'json'], { env: env(service.endpoint) });
    const document = ran.json();
    expect(verifySchema.parse(document)).toEqual(document);
    const said = Object.fromEntries(
      document.results.map((one: { instanceId: string }) => [one.instanceId, one]),
    );
    expect(said).toMatchObject({
      [ids[0]]: {
        target: `127.0.0.1:${strict}`,
        verdict: 'requires-proxy-v2',
        confidence: 'strong',
        vantage: { kind: 'instance', instanceId: ids[0] },
      },
      [ids[1]]: { target: `127.0.0.1:${plain}`, verdict: 'no-proxy', confidence: 'strong' },
      [ids[2]]: { verdict: 'inconclusive', reason: expect.stringContaining('does not know') },
    });
  });

  it("can't be asked if they are addresses, and are named", async () => {
    await using service = await startService(group([{ id: '127.0.0.9', port: 8443 }], { targetType: 'ip' }), {
      dataPlane: false,
    });
    await createDocument(service.endpoint);
    const ran = await elbProxyHere([...ask, '-o', 'json'], { env: env(service.endpoint) });
    expect([ran.code, ran.json().results]).toMatchObject([
      4,
      [
        {
          target: '127.0.0.9:8443',
          verdict: 'inconclusive',
          reason: expect.stringContaining('by its address'),
        },
      ],
    ]);
  });

  it('are asked before a change, too', async () => {
    await using stage = await Stage.open();
    const plain = await stage.listen(web());
    await using service = await startService(
      group([{ id: ids[0], port: plain }], { healthCheck: { protocol: 'HTTP' } }),
      { dataPlane: false },
    );
    await createDocument(service.endpoint);
    const ran = await elbProxyHere(
      ['enable', 'edge', '--target-group', 'blue', '--verify-backends=instances', '--dry-run', '-o', 'json'],
      { env: env(service.endpoint) },
    );
    const codes = ran.json().changes[0].hazards.map(({ code }: { readonly code: string }) => code);
    expect(codes).toEqual(expect.arrayContaining(['health-check-order', 'backend-rejects-proxy']));
  });
});

describe.concurrent('iam-policy --from instances', () => {
  it('lets one document be sent, and no other', async () => {
    const ran = await elbProxyHere([
      'iam-policy',
      '--from',
      'instances',
      '--ssm-document',
      'my-probe',
      '-o',
      'json',
    ]);
    const { Statement } = JSON.parse(ran.stdout) as { Statement: readonly { Sid: string }[] };
    expect(Statement.find(({ Sid }) => Sid === 'SendProbe')).toEqual({
      Sid: 'SendProbe',
      Effect: 'Allow',
      Action: ['ssm:SendCommand'],
      Resource: ['arn:aws:ssm:*:*:document/my-probe', 'arn:aws:ec2:*:*:instance/*'],
    });
    expect(JSON.stringify(Statement)).not.toContain('RunShellScript');
  });
});

it.concurrent('ssm-document prints the same bytes in both formats, which the hashes are of', async () => {
  const text = await elbProxyHere(['ssm-document']);
  const json = await elbProxyHere(['ssm-document', '-o', 'json']);
  expect([text.code, text.stdout, json.stdout]).toEqual([0, documentText, documentText]);
});

type Answers = Readonly<Record<string, (input: Readonly<Record<string, unknown>>, call: number) => object>>;

/** A Systems Manager that says what a test wants. An object with `__type` is an error. */
async function lying(answers: Answers): Promise<Server & AsyncDisposable & { url: string; calls: string[] }> {
  const calls: string[] = [];
  const body = async (request: IncomingMessage): Promise<string> => {
    let text = '';
    for await (const chunk of request as AsyncIterable<Buffer>) text += chunk.toString();
    return text;
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const text = await body(request);
    const action = String(request.headers['x-amz-target']).replace('AmazonSSM.', '');
    calls.push(action);
    const count = calls.filter((one) => one === action).length;
    const said = answers[action]?.(JSON.parse(text) as Record<string, unknown>, count) ?? honest(action);
    response.writeHead('__type' in said ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(said));
  };
  const server = createServer(
    (request, response) => void answer(request, response).catch(() => void request.socket.destroy()),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(server, {
    url,
    calls,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

function honest(action: string): object {
  switch (action) {
    case 'DescribeInstanceInformation':
      return {
        InstanceInformationList: [{ InstanceId: ids[0], PingStatus: 'Online', PlatformType: 'Linux' }],
      };
    case 'DescribeDocument':
      return { Document: { Hash: documentHashes[0], HashType: 'Sha256', DocumentVersion: '1' } };
    case 'SendCommand':
      return { Command: { CommandId: uuid } };
    default:
      return {};
  }
}

const invocation = (more: object) => ({
  CommandInvocations: [{ CommandId: uuid, InstanceId: ids[0], Status: 'Success', ...more }],
});
const output = (Output: string) => invocation({ CommandPlugins: [{ Name: 'probe', Output }] });

async function against(answers: Answers): Promise<Ran & { readonly calls: readonly string[] }> {
  await using service = await startService(seedOf(8443, [ids[0]]), { dataPlane: false });
  await using server = await lying(answers);
  const ran = await elbProxyHere(fromInstances(8443, '-o', 'json'), {
    env: { ...endpoints(service.endpoint, server.url), AWS_MAX_ATTEMPTS: '1' },
  });
  return { ...ran, calls: server.calls };
}

describe.concurrent('a Systems Manager that refuses, or lies', () => {
  it.each(['DescribeDocument', 'DescribeInstanceInformation', 'SendCommand', 'ListCommandInvocations'])(
    'names the right that is missing: ssm:%s',
    async (action) => {
      const { code, json } = await against({
        [action]: () => ({
          __type: 'AccessDeniedException',
          message: `not authorized to perform ssm:${action}`,
        }),
      });
      expect([code, json().error]).toMatchObject([
        1,
        { code: 'AccessDeniedException', hint: expect.stringContaining(`ssm:${action};`) },
      ]);
    },
  );

  it.each<readonly [what: string, answer: object, reason: string]>([
    ['an output that is cut', output('elb-proxy 1 python3 H4sIAAAA'), 'cut'],
    ['an output that is JSON', output('{"verdict":"requires-proxy"}'), "not this probe's output"],
    ['no output', invocation({}), 'printed nothing'],
    ['an output that moves the cursor', output('\u001b[2J\u001b]0;evil\u0007'), "not this probe's output"],
    [
      'a failure that moves the cursor',
      invocation({ Status: 'Failed', CommandPlugins: [{ Output: '\u001b[2Jno' }] }),
      'failed on the instance',
    ],
    [
      'a command that never started',
      invocation({ Status: 'TimedOut', StatusDetails: 'Delivery Timed Out' }),
      'did not start',
    ],
    ['two answers for one instance', twice(), 'answered twice'],
  ])('gives no verdict: %s', async (_, answer, reason) => {
    const ran = await against({ ListCommandInvocations: () => answer });
    const [only] = ran.json().results;
    expect(only).toMatchObject({ instanceId: ids[0], verdict: 'inconclusive' });
    expect(only.reason).toContain(reason);
    expect([ran.code, `${ran.stdout}${ran.stderr}`.includes('\u001b')]).toEqual([4, false]);
  });

  it.each<readonly [what: string, answers: Answers, code: string]>([
    [
      'a command id that is a command',
      { SendCommand: () => ({ Command: { CommandId: '$(touch /tmp/x)' } }) },
      'incomplete-answer',
    ],
    ['no command id', { SendCommand: () => ({}) }, 'incomplete-answer'],
    ['no list of instances', { DescribeInstanceInformation: () => ({}) }, 'incomplete-answer'],
    ['no hash', { DescribeDocument: () => ({ Document: {} }) }, 'incomplete-answer'],
    [
      'pages without end',
      { DescribeInstanceInformation: () => ({ InstanceInformationList: [], NextToken: 'x' }) },
      'incomplete-answer',
    ],
    [
      'an instance that left in the meantime',
      { SendCommand: () => ({ __type: 'InvalidInstanceId', message: 'not in a valid state' }) },
      'InvalidInstanceId',
    ],
  ])('is one clear error: %s', async (_, answers, code) => {
    const ran = await against(answers);
    expect([ran.code, ran.json().error.code]).toEqual([1, code]);
    expect(ran.calls.filter((call) => call === 'SendCommand').length).toBeLessThanOrEqual(1);
  });

  it('says that it is not known whether a command was sent, where the answer was lost', async () => {
    const ran = await against({
      SendCommand: () => {
        throw new Error('no answer');
      },
    });
    expect([ran.code, ran.json().error.hint]).toEqual([
      1,
      expect.stringContaining('it is not known whether it was sent'),
    ]);
    expect(ran.calls.filter((call) => call === 'SendCommand')).toHaveLength(1);
  });

  it('takes no answer about another command, or another instance', async () => {
    const ran = await against({
      ListCommandInvocations: (_input, call) =>
        call === 1
          ? {
              CommandInvocations: [
                { CommandId: 'another', InstanceId: ids[0], Status: 'Success' },
                { CommandId: uuid, InstanceId: ids[1], Status: 'Success' },
              ],
            }
          : invocation({ Status: 'Failed', StatusDetails: 'Undeliverable' }),
    });
    expect(ran.json().results).toMatchObject([{ instanceId: ids[0], verdict: 'inconclusive' }]);
    expect(ran.json().results[0].reason).toContain('could not be delivered');
  });

  it('cancels the command at an interruption, and says what may still run; exit 130', async () => {
    await using service = await startService(seedOf(8443, [ids[0]]), { dataPlane: false });
    let seen: (() => void) | undefined;
    const looked = new Promise<void>((resolve) => {
      seen = resolve;
    });
    await using server = await lying({
      ListCommandInvocations: () => {
        seen?.();
        return invocation({ Status: 'InProgress' });
      },
    });
    const ran = await elbProxy(fromInstances(8443, '-o', 'json'), {
      env: endpoints(service.endpoint, server.url),
      onStart: (child) => void looked.then(() => child.kill('SIGINT')),
    });
    expect([ran.code, ran.json()]).toMatchObject([
      130,
      { interrupted: true, results: [], notProbed: ['127.0.0.1:8443'] },
    ]);
    expect(server.calls.at(-1)).toBe('CancelCommand');
    expect(ran.stderr.replaceAll(/\s+/g, ' ')).toContain(
      `command ${uuid} is cancelled; where it had begun, it may still run`,
    );
  });
});

function twice(): object {
  const [one] = output('x').CommandInvocations;
  return { CommandInvocations: [one, one] };
}
