import { describe, expect, it } from 'vitest';
import { comparedRuns } from './identity-environments.js';
import { actsIn, type RunOutcome, runIn } from './identity-run.js';
import { findPeer } from './peer.js';

const aws = findPeer('aws', 'apt-get install awscli, or pip install awscli');

function errorOf({ output }: RunOutcome): unknown {
  return JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1));
}

// A run of the AWS CLI costs most of a second of one processor: a few at a time.
describe.skipIf(aws === undefined)(
  'as the AWS CLI in the same environment, the same key signs, or both refuse:',
  () => {
    it.concurrent.each(Object.entries(comparedRuns))('%s', async (_, compared) => {
      const alone = compared.refused ?? compared.calls;
      const [cli, ours] = await Promise.all([
        alone ? undefined : runIn(compared, 'aws', aws),
        runIn(compared, 'elb-proxy'),
      ]);
      if (cli) expect(actsIn(ours), ours.output + cli.output).toEqual(actsIn(cli));
      if (compared.calls) expect(actsIn(ours), ours.output).toMatchObject({ calls: compared.calls.are });
      if (compared.refused) {
        expect(actsIn(ours), ours.output).toBe('refused');
        expect(errorOf(ours)).toMatchObject({ error: { code: compared.refused.code } });
      }
      expect(ours.output).not.toMatch(/SECRETVALUE|hunter2/);
    });
  },
);
