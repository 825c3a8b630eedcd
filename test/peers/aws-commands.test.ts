import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { elbProxy, temporaryDirectory } from '../helpers/elb-proxy.js';
import { type Service, startService } from '../helpers/service.js';
import { findPeer } from './peer.js';

const aws = findPeer('aws', 'apt-get install awscli, or pip install awscli');
const run = promisify(execFile);

/** Runs a script unchanged, as if it had been saved to a file. */
async function shell(script: string): Promise<void> {
  await run('sh', ['-c', script], {
    env: {
      PATH: process.env['PATH'],
      HOME: '/nonexistent',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_MAX_ATTEMPTS: '1',
      AWS_PAGER: '',
    },
  });
}

/** What a change can change. */
async function stateOf(service: Service) {
  const ports = [8443, 9443, 9444];
  const lists = await Promise.all(ports.map((port) => service.listOf(port)));
  return { lists, policies: (await service.policyNames()).toSorted() };
}

const wayBack = (script: string) =>
  (script.split('# The way back')[1] ?? '').split('\n').slice(1).join('\n').replaceAll(/^# /gm, '');

interface Case {
  readonly what: string;
  readonly prepare: readonly (readonly string[])[];
  readonly change: readonly string[];
}

const cases: readonly Case[] = [
  {
    what: 'an enable that makes a policy',
    prepare: [],
    change: ['enable', 'web', '--port', '8443,9443,9444', '--policy-name=-dashed'],
  },
  {
    what: 'a disable that leaves an empty list and deletes the policy',
    prepare: [['enable', 'web', '--port', '8443,9444']],
    change: ['disable', 'web', '--port', '8443,9444', '--delete-policy'],
  },
  {
    what: 'an undo',
    prepare: [['enable', 'web', '--port', '9443']],
    change: ['undo'],
  },
];

describe.skipIf(aws === undefined)(
  'the commands of a plan, run unchanged by the AWS CLI',
  { timeout: 120_000 },
  () => {
    it.each(cases)(
      '$what: the same end state as apply, and the way back leads back',
      async ({ prepare, change }) => {
        await using byHand = await startService();
        await using byApply = await startService();
        const sides = await Promise.all(
          [byHand, byApply].map(async ({ endpoint }) => ({
            endpoint,
            stateDirectory: await temporaryDirectory(),
          })),
        );
        for (const side of sides) {
          for (const argv of prepare) await elbProxy([...argv, '--yes'], side);
        }
        const before = await stateOf(byHand);
        expect(before).toEqual(await stateOf(byApply));

        const [hand, apply] = sides;
        const { stdout } = await elbProxy([...change, '--dry-run', '-o', 'commands'], hand);
        await shell(stdout);
        await elbProxy([...change, '--yes'], apply);
        const after = await stateOf(byHand);
        expect(after).not.toEqual(before);
        expect(after).toEqual(await stateOf(byApply));

        await shell(wayBack(stdout));
        expect(await stateOf(byHand)).toEqual(before);
      },
    );
  },
);
