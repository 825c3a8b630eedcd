import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SSM } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { documentHashes, documentText } from '../../src/core/instance-probe/document.js';
import { scriptWith } from '../../src/core/instance-probe/parameters.js';
import type { Seed } from '../../src/local/index.js';
import { encodeBatch } from '../../src/probe/instance/encode-batch.js';
import { temporaryDirectory } from '../helpers/elb-proxy.js';
import { findPeer } from '../peers/peer.js';
import { Stage, silent } from '../peers/verify-servers.js';
import { start } from './clients.js';

const run = promisify(execFile);
const [here, away, windows, unknown] = [1, 2, 3, 4].map((n) => `i-0a1b2c3d4e5f6000${n}`) as [
  string,
  string,
  string,
  string,
];
const seed: Seed = {
  loadBalancers: [
    {
      name: 'web',
      listeners: [{ protocol: 'TCP', loadBalancerPort: 4443, instancePort: 8443 }],
      instances: [here, away, windows, unknown],
    },
  ],
  managedInstances: [
    { id: away, ping: 'ConnectionLost' },
    { id: windows, platform: 'Windows' },
    { id: unknown, ping: 'none' },
  ],
};

const clientOf = (endpoint: string) =>
  new SSM({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    maxAttempts: 1,
  });

/** The parameters of a probe that makes one connection. */
async function parametersFor(port: number) {
  const batch = await encodeBatch({ app: 'http', timeoutMs: 300, bannerWaitMs: 100 }, port);
  return { Addresses: '127.0.0.1', Port: String(port), Exchanges: batch?.exchanges ?? '' };
}

const lists = (parameters: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, [value]]));

/** Waits until a command has ended on an instance. */
async function ended(client: SSM, CommandId: string | undefined, InstanceId: string) {
  return expect.poll(() =>
    client.getCommandInvocation({ CommandId, InstanceId }).then(({ Status }) => Status),
  );
}

describe('the local Systems Manager', () => {
  it('knows the registered instances: Online and Linux, unless the seed says otherwise', async () => {
    await using service = await start({ seed });
    const client = clientOf(service.local.endpoint);
    const { InstanceInformationList: all = [] } = await client.describeInstanceInformation({});
    expect(
      all.map(({ InstanceId, PingStatus, PlatformType }) => [InstanceId, PingStatus, PlatformType]),
    ).toEqual([
      [here, 'Online', 'Linux'],
      [away, 'ConnectionLost', 'Linux'],
      [windows, 'Online', 'Windows'],
    ]);
    const Filters = [{ Key: 'InstanceIds', Values: [windows, unknown] }];
    const { InstanceInformationList: some = [] } = await client.describeInstanceInformation({ Filters });
    expect(some.map(({ InstanceId }) => InstanceId)).toEqual([windows]);
  });

  it('runs the probe of its own document, and gives back what it printed', async () => {
    await using stage = await Stage.open();
    const port = await stage.listen(silent());
    await using service = await start({ seed });
    const client = clientOf(service.local.endpoint);
    const made = await client.createDocument({ Name: 'elb-proxy-probe', Content: documentText });
    expect(documentHashes).toContain(made.DocumentDescription?.Hash);
    const { Document } = await client.describeDocument({ Name: 'elb-proxy-probe' });
    expect(Document).toMatchObject({ Hash: made.DocumentDescription?.Hash, HashType: 'Sha256' });
    const { Command } = await client.sendCommand({
      InstanceIds: [here],
      DocumentName: 'elb-proxy-probe',
      DocumentHash: Document?.Hash,
      DocumentHashType: 'Sha256',
      Parameters: lists(await parametersFor(port)),
    });
    await (await ended(client, Command?.CommandId, here)).toBe('Success');
    const { CommandInvocations: [only] = [] } = await client.listCommandInvocations({
      CommandId: Command?.CommandId,
      Details: true,
    });
    expect(only?.CommandPlugins?.[0]?.Output).toMatch(/^elb-proxy 1 \S+ [A-Za-z0-9+/=]+ end\n$/);
  });

  it('runs nothing else: not a command, not its own script with a byte more, not another document', async () => {
    const folder = await temporaryDirectory();
    const marker = join(folder, 'marker');
    const script = scriptWith(await parametersFor(9));
    await using service = await start({ seed });
    const client = clientOf(service.local.endpoint);
    const Content = documentText.replace('set -f', `touch ${marker}`);
    await client.createDocument({ Name: 'elb-proxy-probe', Content });
    const texts = [
      [`touch ${marker}`],
      [...script.split('\n'), `touch ${marker}`],
      [`touch ${marker}`, ...script.split('\n')],
      script.replace("P='9'", `P='9';touch ${marker};Q=''`).split('\n'),
      script.replace('set -f', `touch ${marker}`).split('\n'),
    ];
    const sent = [
      ...texts.map((commands) => ({ DocumentName: 'AWS-RunShellScript', Parameters: { commands } })),
      { DocumentName: 'elb-proxy-probe', Parameters: lists(await parametersFor(9)) },
    ];
    for (const input of sent) {
      const { Command } = await client.sendCommand({ InstanceIds: [here], ...input });
      const one = await client.getCommandInvocation({ CommandId: Command?.CommandId, InstanceId: here });
      expect(one).toMatchObject({ Status: 'Failed', ResponseCode: 1, StandardOutputContent: '' });
      expect(one.StandardErrorContent).toContain('runs nothing but the probe of this very version');
    }
    expect(existsSync(marker)).toBe(false);
  });

  it('runs its own script by AWS-RunShellScript, and only for an address that the instance has', async () => {
    await using stage = await Stage.open();
    const port = await stage.listen(silent());
    await using service = await start({ seed });
    const client = clientOf(service.local.endpoint);
    const parameters = await parametersFor(port);
    const send = async (text: string) => {
      const { Command } = await client.sendCommand({
        InstanceIds: [here],
        DocumentName: 'AWS-RunShellScript',
        Parameters: { commands: text.split('\n'), executionTimeout: ['60'] },
      });
      return Command?.CommandId;
    };
    await (await ended(client, await send(scriptWith(parameters)), here)).toBe('Success');
    const other = await send(scriptWith({ ...parameters, Addresses: '169.254.169.254' }));
    const refused = await client.getCommandInvocation({ CommandId: other, InstanceId: here });
    expect(refused).toMatchObject({ Status: 'Failed' });
    expect(refused.StandardErrorContent).toContain('it has 127.0.0.1');
  });

  it.each<readonly [parameter: string, value: string]>([
    ['Addresses', "127.0.0.1';id;'"],
    ['Exchanges', '$(id)'],
    ['Port', '0'],
    ['Other', 'x'],
    ['executionTimeout', '0'],
  ])('refuses a parameter %s that does not match its pattern', async (name, value) => {
    await using service = await start({ seed });
    const client = clientOf(service.local.endpoint);
    await client.createDocument({ Name: 'probe', Content: documentText });
    const Parameters = lists({ ...(await parametersFor(9)), [name]: value });
    await expect(
      client.sendCommand({ InstanceIds: [here], DocumentName: 'probe', Parameters }),
    ).rejects.toMatchObject({ name: 'InvalidParameters' });
  });

  it('leaves a command pending on an instance that is away, and can cancel it', async () => {
    await using service = await start({ seed });
    const client = clientOf(service.local.endpoint);
    const { Command } = await client.sendCommand({
      InstanceIds: [away, windows],
      DocumentName: 'AWS-RunShellScript',
      Parameters: { commands: scriptWith(await parametersFor(9)).split('\n') },
    });
    const CommandId = Command?.CommandId;
    const state = async () =>
      (await client.listCommandInvocations({ CommandId })).CommandInvocations?.map(({ Status }) => Status);
    expect(await state()).toEqual(['Pending', 'Failed']);
    await client.cancelCommand({ CommandId });
    expect(await state()).toEqual(['Cancelled', 'Failed']);
  });

  it('says that a command was not delivered in time', async () => {
    let now = Date.now();
    await using service = await start({ seed, clock: () => new Date(now) });
    const client = clientOf(service.local.endpoint);
    const { Command } = await client.sendCommand({
      InstanceIds: [away],
      DocumentName: 'AWS-RunShellScript',
      TimeoutSeconds: 30,
      Parameters: { commands: ['x'] },
    });
    now += 31_000;
    const CommandId = Command?.CommandId;
    expect((await client.listCommandInvocations({ CommandId })).CommandInvocations).toMatchObject([
      { Status: 'TimedOut', StatusDetails: 'Delivery Timed Out' },
    ]);
  });

  it("has the real service's errors", async () => {
    await using service = await start({ seed });
    const client = clientOf(service.local.endpoint);
    const DocumentName = 'AWS-RunShellScript';
    const Parameters = { commands: ['x'] };
    const many = Array.from({ length: 51 }, (_, index) => `i-${String(index).padStart(17, '0')}`);
    const failing: readonly (readonly [call: () => Promise<unknown>, name: string])[] = [
      [() => client.sendCommand({ InstanceIds: [unknown], DocumentName, Parameters }), 'InvalidInstanceId'],
      [() => client.sendCommand({ InstanceIds: many, DocumentName, Parameters }), 'ValidationException'],
      [() => client.sendCommand({ InstanceIds: [here], DocumentName: 'absent' }), 'InvalidDocument'],
      [
        () => client.sendCommand({ InstanceIds: [here, here], DocumentName, Parameters }),
        'DuplicateInstanceId',
      ],
      [
        () => client.sendCommand({ InstanceIds: [here], DocumentName, Parameters, TimeoutSeconds: 5 }),
        'ValidationException',
      ],
      [() => client.describeDocument({ Name: 'absent' }), 'InvalidDocument'],
      [() => client.cancelCommand({ CommandId: 'x'.repeat(36) }), 'InvalidCommandId'],
      [() => client.describeInstanceInformation({ MaxResults: 4 }), 'ValidationException'],
      [() => client.createDocument({ Name: 'probe', Content: 'not JSON' }), 'InvalidDocumentContent'],
      [() => client.listDocuments({}), 'UnknownOperationException'],
    ];
    for (const [call, name] of failing) await expect(call()).rejects.toMatchObject({ name });
    await client.createDocument({ Name: 'probe', Content: documentText });
    await expect(client.createDocument({ Name: 'probe', Content: documentText })).rejects.toMatchObject({
      name: 'DocumentAlreadyExists',
    });
    await expect(
      client.sendCommand({ InstanceIds: [here], DocumentName: 'probe', DocumentHash: 'f'.repeat(64) }),
    ).rejects.toMatchObject({ name: 'InvalidDocument' });
  });

  it('answers neither a page of another origin nor a body that is not JSON', async () => {
    await using service = await start({ seed });
    const post = (headers: Readonly<Record<string, string>>, body: string) =>
      fetch(service.local.endpoint, {
        method: 'POST',
        headers: { 'x-amz-target': 'AmazonSSM.SendCommand', ...headers },
        body,
      });
    expect((await post({ origin: 'https://evil.example' }, '{}')).status).toBe(403);
    const broken = await post({}, '{');
    expect([broken.status, await broken.json()]).toMatchObject([400, { __type: 'SerializationException' }]);
  });
});

const aws = findPeer('aws', 'apt-get install awscli');

describe.skipIf(aws === undefined)('the AWS CLI against the local Systems Manager', () => {
  it('creates the document that ssm-document prints, which is then known by its hash', async () => {
    await using service = await start({ seed });
    const env = {
      ...process.env,
      AWS_ENDPOINT_URL: service.local.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    const { stdout } = await run(
      'aws',
      [
        'ssm',
        'create-document',
        '--name',
        'probe',
        '--document-type',
        'Command',
        '--content',
        documentText,
        '--endpoint-url',
        service.local.endpoint,
      ],
      { env },
    );
    const made = JSON.parse(stdout) as { DocumentDescription: { Hash: string } };
    expect(documentHashes).toContain(made.DocumentDescription.Hash);
  });
});
