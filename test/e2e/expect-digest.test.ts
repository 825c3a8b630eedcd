import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { startRelay } from '../helpers/relay.js';
import { startService } from '../helpers/service.js';

const enable = ['enable', 'web', '--port', '8443'];
const other = `sha256:${'0'.repeat(64)}`;

async function digestOf(
  argv: readonly string[],
  options: Parameters<typeof elbProxyHere>[1],
): Promise<string> {
  const dry = await elbProxyHere([...argv, '--dry-run', '-o', 'json'], options);
  return dry.json().digest;
}

describe('--expect-digest', () => {
  it('goes on with the plan that was reviewed, made afresh', async () => {
    await using service = await startService();
    const digest = await digestOf(enable, service);
    const short = digest.replace('sha256:', '').toUpperCase();
    const ran = await elbProxyHere([...enable, '--yes', '--expect-digest', short, '-o', 'json'], service);
    expect(ran.json()).toMatchObject({ outcome: 'applied' });
  });

  it.each([['json'], ['text'], ['markdown']])(
    'stops before any write when something has moved, and shows both digests (%s)',
    async (format) => {
      await using service = await startService();
      await using relay = await startRelay(service.endpoint);
      const digest = await digestOf(enable, relay);
      await service.setList(8443, ['b-auth', 'z-auth']);
      const now = await digestOf(enable, relay);
      const argv = [...enable, '--yes', '--expect-digest', digest, '-o', format];
      const ran = await elbProxyHere(argv, relay);
      expect(ran.code).toBe(3);
      const shown = ran.stdout.replaceAll(/\s+/g, ' ');
      expect(shown).toContain('digest-mismatch');
      expect(shown).toContain(digest);
      expect(shown).toContain(now);
      expect(relay.writes()).toEqual([]);
      if (format === 'json')
        expect(ran.json()).toMatchObject({ outcome: 'refused', error: { code: 'digest-mismatch' } });
    },
  );

  it('stops where another endpoint is asked than the one that was reviewed', async () => {
    await using service = await startService();
    const digest = await digestOf(enable, service);
    await using relay = await startRelay(service.endpoint);
    const ran = await elbProxyHere([...enable, '--yes', '--expect-digest', digest, '-o', 'json'], relay);
    expect(ran.code).toBe(3);
    expect(ran.json().error.code).toBe('digest-mismatch');
    expect(relay.writes()).toEqual([]);
  });

  it('stops where there is nothing to do any more, too: that is not what was reviewed', async () => {
    await using service = await startService();
    const digest = await digestOf(enable, service);
    await elbProxyHere([...enable, '--yes'], service);
    const ran = await elbProxyHere([...enable, '--yes', '--expect-digest', digest, '-o', 'json'], service);
    expect(ran.code).toBe(3);
    expect(ran.json().error.code).toBe('digest-mismatch');
  });

  it('checks a dry run, and then no plan is shown or written', async () => {
    await using service = await startService();
    const file = `${await temporaryDirectory()}/plan.json`;
    const argv = [...enable, '--dry-run', '--out', file, '-o', 'json'];
    const ran = await elbProxyHere([...argv, '--expect-digest', other], service);
    expect(ran.code).toBe(3);
    expect(ran.json().error.code).toBe('digest-mismatch');
    const apply = await elbProxyHere(['apply', file, '--yes', '-o', 'json'], service);
    expect(apply.json().error.code).toBe('invalid-plan');
  });

  it('holds apply, disable and undo to it', async () => {
    await using service = await startService();
    const options = { endpoint: service.endpoint, stateDirectory: await temporaryDirectory() };
    const file = `${options.stateDirectory}/plan.json`;
    const made = await elbProxyHere([...enable, '--dry-run', '--out', file, '-o', 'json'], options);
    const refused = await elbProxyHere(['apply', file, '--yes', '--expect-digest', other], options);
    expect(refused.code).toBe(3);
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth']);
    const applied = await elbProxyHere(
      ['apply', file, '--yes', '--expect-digest', made.json().digest],
      options,
    );
    expect(applied.code).toBe(0);
    for (const argv of [['disable', 'web', '--port', '8443'], ['undo']]) {
      expect((await elbProxyHere([...argv, '--yes', '--expect-digest', other], options)).code).toBe(3);
    }
    const digest = await digestOf(['undo'], options);
    expect((await elbProxyHere(['undo', '--yes', '--expect-digest', digest], options)).code).toBe(0);
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth']);
  });

  it.each(['abc', 'sha256:', '0'.repeat(63), `sha1:${'0'.repeat(64)}`])(
    'takes a whole digest only: %s',
    async (text) => {
      const ran = await elbProxyHere([...enable, '--yes', '--expect-digest', text, '-o', 'json']);
      expect(ran.code).toBe(1);
      expect(ran.json().error).toMatchObject({ code: 'usage', message: expect.stringContaining('64') });
    },
  );
});
