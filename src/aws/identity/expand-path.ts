import { userInfo } from 'node:os';
import type { Environment } from '../environment.js';

/** The home directory as the AWS CLI finds it: HOME, else the user database's. */
function homeOf(env: Environment): string {
  return (env['HOME'] ?? userInfo().homedir).replace(/\/+$/, '');
}

/** A path with its `~` taken for the home directory; another user's (`~name/`) is left as it is. */
export function expandHome(path: string, env: Environment): string {
  return /^~(?=\/|$)/.test(path) ? `${homeOf(env)}${path.slice(1)}` || '/' : path;
}

/** The same with `$NAME` and `${NAME}`; variables that are not set are left as they are. */
export function expandPath(path: string, env: Environment): string {
  const expanded = path.replaceAll(/\$(?:(\w+)|\{([^}]*)\})/g, (written, plain, braced) => {
    const value = env[plain ?? braced];
    return value === undefined ? written : value;
  });
  return expandHome(expanded, env);
}
