import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planDigest } from '../../src/core/digest.js';
import { temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { bothKindsAt, startNetworkService } from '../helpers/network-service.js';
import { startRelay } from '../helpers/relay.js';
import { unwrapped } from '../helpers/unwrapped.js';

// A relay is another endpoint, behind which everything looks the same: names, DNS names, creation times, ARNs.

const changes = {
  'a Classic load balancer': ['web', '--port', '8443'],
  'a Network Load Balancer': ['edge', '--target-group', 'blue'],
} as const;
const each = Object.entries(changes);

/** One service at two endpoints, one state directory. */
async function stage() {
  const service = await startNetworkService();
  const relay = await startRelay(service.endpoint);
  const stateDirectory = await temporaryDirectory();
  const at =
    ({ endpoint }: { readonly endpoint: string }) =>
    (...argv: readonly string[]) =>
      elbProxyHere(argv, bothKindsAt({ endpoint }, stateDirectory));
  return {
    service,
    relay,
    stateDirectory,
    here: at(service),
    elsewhere: at(relay),
    at,
    [Symbol.asyncDispose]: async () => {
      await relay[Symbol.asyncDispose]();
      await service[Symbol.asyncDispose]();
    },
  };
}

/** Without what tells a load balancer from a later one of its name. */
const withoutTimes = (text: string) =>
  text.replaceAll(/"createdTime": ?"[^"]*",|,\s*"createdTime": ?"[^"]*"/g, '');

describe('a plan file from another endpoint', () => {
  it.each(each)(
    'is applied for %s if the load balancer is the same, with a warning',
    async (_kind, change) => {
      await using on = await stage();
      const file = join(on.stateDirectory, 'plan.json');
      await on.here('enable', ...change, '--dry-run', '--out', file);
      const ran = await on.elsewhere('apply', file, '--yes');
      expect(ran.code).toBe(0);
      expect(unwrapped(ran.stderr)).toContain(
        `the plan was made at endpoint ${on.service.endpoint}, and this run asks endpoint ${on.relay.endpoint}`,
      );
      // Another service, with a load balancer of the same name, or even of the same ARN.
      await using other = await startNetworkService();
      const there = await on.at(other)('apply', file, '--yes', '-o', 'json');
      expect(there.code).toBe(3);
      expect(there.json()).toMatchObject({ outcome: 'refused', error: { code: 'stale-plan' } });
      expect(unwrapped(there.stderr)).toContain('creation time was');
    },
  );

  it.each(each)(
    'is refused for %s if no creation time was recorded, and nothing is sent',
    async (_kind, change) => {
      await using on = await stage();
      const file = join(on.stateDirectory, 'plan.json');
      await on.here('enable', ...change, '--dry-run', '--out', file);
      const ageless = JSON.parse(withoutTimes(await readFile(file, 'utf8')));
      await writeFile(file, JSON.stringify({ ...ageless, digest: planDigest(ageless) }));
      const ran = await on.elsewhere('apply', file, '--yes', '-o', 'json');
      expect(ran.code).toBe(3);
      expect(ran.json()).toMatchObject({ outcome: 'refused', error: { code: 'other-endpoint' } });
      expect(unwrapped(ran.stderr)).toContain(
        `elb-proxy apply ${file} --endpoint-url ${on.service.endpoint}`,
      );
      expect(on.relay.calls).toEqual([]);
      const there = await on.elsewhere('apply', file, '--yes', '--endpoint-url', on.service.endpoint);
      expect(there.code).toBe(0);
    },
  );

  it.each(each)(
    'is applied for %s if none was recorded, or the same one is written otherwise',
    async (_kind, change) => {
      await using on = await stage();
      const file = join(on.stateDirectory, 'plan.json');
      await on.here('enable', ...change, '--dry-run', '--out', file);
      const written = on.at({ endpoint: `${on.service.endpoint.replace('http', 'HTTP')}//` });
      expect((await written('apply', file, '--yes')).code).toBe(0);
      expect((await on.here('undo', '--yes')).code).toBe(0);
      const { endpoint, ...older } = JSON.parse(await readFile(file, 'utf8'));
      expect(endpoint).toBe(on.service.endpoint);
      await writeFile(file, JSON.stringify({ ...older, digest: planDigest(older) }));
      expect((await on.elsewhere('apply', file, '--yes')).code).toBe(0);
    },
  );
});

describe('a change that was made at another endpoint', () => {
  it.each(each)(
    'is undone for %s if the load balancer is the same, with a warning',
    async (_kind, change) => {
      await using on = await stage();
      const { changeId } = (await on.here('enable', ...change, '--yes', '-o', 'json')).json();
      await using other = await startNetworkService();
      const there = await on.at(other)('undo', changeId, '--yes', '-o', 'json');
      expect(there.code).toBe(3);
      expect(there.json()).toMatchObject({ error: { code: 'stale-plan' } });
      expect(await other.valueOf('blue')).not.toBe('true');
      const ran = await on.elsewhere('undo', changeId, '--yes');
      expect(ran.code).toBe(0);
      expect(unwrapped(ran.stderr)).toContain(
        `change ${changeId} was made at endpoint ${on.service.endpoint}, and this run asks endpoint ${on.relay.endpoint}`,
      );
    },
  );

  it.each(each)(
    'is not undone for %s if no creation time was recorded, and nothing is sent',
    async (_kind, change) => {
      await using on = await stage();
      const { changeId } = (await on.here('enable', ...change, '--yes', '-o', 'json')).json();
      const journal = join(on.stateDirectory, 'journal.jsonl');
      await writeFile(journal, withoutTimes(await readFile(journal, 'utf8')));
      for (const named of [[changeId], []]) {
        const ran = await on.elsewhere('undo', ...named, '--yes', '-o', 'json');
        expect(ran.code).toBe(3);
        expect(ran.json()).toMatchObject({ error: { code: 'other-endpoint' } });
        expect(unwrapped(ran.stderr)).toContain(
          `elb-proxy undo ${changeId} --endpoint-url ${on.service.endpoint}`,
        );
      }
      expect(on.relay.calls).toEqual([]);
    },
  );

  it.each(each)('is undone for %s if an older version did not record it', async (_kind, change) => {
    await using on = await stage();
    expect((await on.here('enable', ...change, '--yes')).code).toBe(0);
    const journal = join(on.stateDirectory, 'journal.jsonl');
    const older = (await readFile(journal, 'utf8')).replaceAll(`"endpoint":"${on.service.endpoint}",`, '');
    await writeFile(journal, older);
    expect((await on.elsewhere('undo', '--yes')).code).toBe(0);
  });
});
