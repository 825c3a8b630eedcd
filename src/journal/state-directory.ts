import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * Where the journal lives: `ELB_PROXY_STATE_DIR`, else `elb-proxy` in `XDG_STATE_HOME` (which the XDG Base
 * Directory Specification ignores unless it is absolute), else `~/.local/state/elb-proxy`.
 */
export function stateDirectory(env: Readonly<Record<string, string | undefined>>): string {
  if (env['ELB_PROXY_STATE_DIR']) return env['ELB_PROXY_STATE_DIR'];
  const xdg = env['XDG_STATE_HOME'];
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(env['HOME'] ?? homedir(), '.local', 'state');
  return join(base, 'elb-proxy');
}
