import { plainText } from '../../plain-text.js';

/** The command that renews a login; of the profile that has it, which need not be the one in use. */
export function loginCommand(profile: string): string {
  const name = plainText(profile);
  return `aws sso login --profile ${/^[\w@%+=:,./-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`}`;
}
