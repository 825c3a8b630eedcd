import { userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * Where the journal lives: `ELB_PROXY_STATE_DIR`, else `elb-proxy` in `XDG_STATE_HOME` (which the XDG Base
 * Directory Specification ignores unless it is absolute), else `~/.local/state/elb-proxy`.
 */
export function stateDirectory(env: Readonly<Record<string, string | undefined>>): string {
  if (env['ELB_PROXY_STATE_DIR']) return env['ELB_PROXY_STATE_DIR'];
  const xdg = env['XDG_STATE_HOME'];
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, 'elb-proxy');
  // An empty HOME would put the journal into whatever directory the command is run in, and lose it there.
  return join(env['HOME'] || userInfo().homedir, '.local', 'state', 'elb-proxy');
}
