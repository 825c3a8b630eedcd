import { userInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { stateDirectory } from '../../src/journal/state-directory.js';

describe('the state directory', () => {
  it.each<readonly [env: Record<string, string>, expected: string, why: string]>([
    [{ ELB_PROXY_STATE_DIR: '/s', XDG_STATE_HOME: '/x', HOME: '/h' }, '/s', 'what names it directly'],
    [{ ELB_PROXY_STATE_DIR: 'here', HOME: '/h' }, 'here', 'what names it directly, relative too'],
    [
      { ELB_PROXY_STATE_DIR: '', XDG_STATE_HOME: '/x' },
      '/x/elb-proxy',
      'XDG, where the direct name is empty',
    ],
    [{ XDG_STATE_HOME: '/x', HOME: '/h' }, '/x/elb-proxy', 'below XDG_STATE_HOME'],
    [{ XDG_STATE_HOME: 'x', HOME: '/h' }, '/h/.local/state/elb-proxy', 'not below a relative XDG_STATE_HOME'],
    [{ XDG_STATE_HOME: '', HOME: '/h' }, '/h/.local/state/elb-proxy', 'not below an empty XDG_STATE_HOME'],
    [{ HOME: '/h' }, '/h/.local/state/elb-proxy', 'below HOME'],
  ])('the state directory of %j is %s: %s', (env, expected, _why) => {
    expect(stateDirectory(env)).toBe(expected);
  });

  it('is below the user’s home without HOME, and never below the working directory for an empty one', () => {
    expect(stateDirectory({})).toBe(`${userInfo().homedir}/.local/state/elb-proxy`);
    expect(stateDirectory({ HOME: '' })).toBe(stateDirectory({}));
  });
});
