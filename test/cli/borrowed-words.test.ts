import { describe, expect, it } from 'vitest';
import { commandMeant } from '../../src/cli/borrowed-words.js';
import { parse } from '../../src/cli/parse.js';
import { registry } from '../../src/cli/registry.js';

async function refusal(command: string, argv: readonly string[]): Promise<unknown> {
  const declared = await registry[command]?.load();
  if (declared === undefined) throw new Error(`${command} is not a command`);
  try {
    parse(declared, argv);
    return undefined;
  } catch (error) {
    return (error as { hint?: string }).hint;
  }
}

describe('a command of another tool', () => {
  it.each(['list', 'ls', 'get', 'describe', 'show', 'plan', 'on', 'off', 'rollback', 'man', 'LS'])(
    '%s has an equivalent command',
    (word) => {
      const meant = commandMeant(word) ?? '';
      const [, command = ''] = /^elb-proxy (\S+)/.exec(meant) ?? [];
      expect(Object.keys(registry)).toContain(command);
    },
  );

  it.each(['web', 'constructor', '__proto__', ''])('%j is not one', (word) => {
    expect(commandMeant(word)).toBeUndefined();
  });
});

describe('an option of another tool', () => {
  it.each([
    ['status', '--json', '--output json'],
    ['status', '--all', '--all-regions'],
    ['enable', '--all', '--all-ports'],
    ['enable', '--dry', '--dry-run'],
    ['enable', '--auto-approve', '--yes'],
    ['enable', '--instance-port=8443', '--port'],
    ['enable', '-p', '--port or --profile'],
    ['history', '-p', '--profile'],
    ['status', '-r', '--region'],
    ['enable', '-n', '--dry-run'],
    ['status', '-n', 'elb-proxy status NAME'],
    ['status', '--name', 'elb-proxy status NAME'],
    ['enable', '--load-balancer-name', 'elb-proxy enable NAME'],
    ['status', '-v', '--debug'],
    ['status', '-V', '--debug'],
    ['status', '--verbose', '--debug'],
    // A beginning is found before a word that is spelt alike.
    ['status', '--reg', '--region'],
    ['enable', '--dry-r', '--dry-run'],
    ['enable', '--prot', '--port'],
  ])('%s %s is answered with %s', async (command, option, meant) => {
    expect(await refusal(command, [option])).toContain(meant);
  });

  it('says so if it needs a code, and lists the codes', async () => {
    expect(await refusal('enable', ['web', '--force'])).toMatch(
      /--force CODE: http-listener, mixed-listeners/,
    );
  });
});
