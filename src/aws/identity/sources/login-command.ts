import { shellWord } from '../../../core/next-command.js';
import { plainText } from '../../plain-text.js';

/** The command that renews a login; of the profile that has it, which need not be the one in use. */
export function loginCommand(profile: string): string {
  return `aws sso login${profileOption(profile)}`;
}

/** `--profile` for a printed command of the AWS CLI, with the blank before it. */
export function profileOption(name: string): string {
  return ` --profile ${shellWord(plainText(name))}`;
}
