import { describe, expect, it } from 'vitest';
import { elbProxy } from '../helpers/elb-proxy.js';
import { startGuarded } from '../helpers/guarded.js';
import { onTerminal } from '../helpers/terminal.js';
import { findPeer } from '../peers/peer.js';

const tmux = findPeer('tmux', 'apt-get install tmux');

describe('while a guard watches', () => {
  it.skipIf(tmux === undefined)(
    'a terminal shows in one line what is watched, for how long it has passed and how long is left',
    async () => {
      await using web = await startGuarded('accepts');
      await using terminal = await onTerminal(
        tmux ?? '',
        [
          'enable',
          'web',
          '--port',
          String(web.port),
          '--guard',
          'tcp',
          '--guard',
          'http:/',
          '--guard-hold',
          '4s',
          '--yes',
        ],
        { ...web.service, columns: 100 },
      );
      await terminal.shows(new RegExp(`web:${web.port}: guard tcp, http:/: passing for \\d s, \\d s left`));
      const { code, screen } = await terminal.end();
      expect(code).toBe(0);
      expect(screen).not.toContain('passing for');
    },
  );

  it('nothing is shown without a terminal', async () => {
    await using web = await startGuarded('accepts');
    const ran = await elbProxy(
      ['enable', 'web', '--port', String(web.port), '--guard', 'http:/', '--guard-hold', '2s', '--yes'],
      web.service,
    );
    expect(ran).toMatchObject({ code: 0, stderr: '' });
  });
});
