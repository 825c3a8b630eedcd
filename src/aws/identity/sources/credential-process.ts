import { type ExecFileException, execFile } from 'node:child_process';
import { codeOf } from '../../../errors.js';
import { plainText } from '../../plain-text.js';
import { noCredentials } from '../failures.js';
import { keyOf } from '../setting.js';
import { shellWords } from '../shell-words.js';
import { keysFrom } from './keys-from.js';
import type { Found, ProfileSource, Sources } from './source.js';

/**
 * The profile's `credential_process`: its words are run without a shell, as by the AWS CLI. Neither its command line nor
 * what it printed is shown anywhere: both may hold secrets.
 */
export function processKeys({ name, keys }: ProfileSource, { env }: Sources): Found | undefined {
  const command = keyOf(keys, 'credential_process', name);
  if (command === undefined) return undefined;
  const { from } = command;
  const failed = (why: string, hint?: string) =>
    noCredentials(
      `the credential_process of profile ${plainText(name)} (${from.replace(/^.*, /, '')}) gave no keys: ${why}`,
      hint ??
        `run its command line by hand to see what it says; the AWS CLI would stop here, too, and so no other source is tried`,
    );
  const words = shellWords(command.value);
  if (words === undefined)
    throw failed('its command line has a quote that is not closed', 'mend the quotes in it');
  const [program = '', ...args] = words;
  return {
    from,
    fetch: async () => {
      const output = await new Promise<string>((resolve, reject) => {
        const options = { env: { ...env }, maxBuffer: 1 << 20, windowsHide: true };
        execFile(program, args, options, (error, stdout) => {
          if (error === null) resolve(stdout);
          else reject(failed(outcomeOf(error)));
        });
      });
      let answer: unknown;
      try {
        answer = JSON.parse(output);
      } catch {
        throw failed('what it printed is not JSON');
      }
      if (typeof answer !== 'object' || answer === null) throw failed('what it printed is not a JSON object');
      const version = 'Version' in answer ? answer.Version : undefined;
      // For the AWS CLI, which is written in Python, true is 1.
      if (version !== 1 && version !== true)
        throw failed(
          version === undefined ? 'its answer has no Version' : 'the Version of its answer is not 1',
          'the AWS CLI takes Version 1 only',
        );
      return keysFrom(answer, 'SessionToken', failed);
    },
  };
}

function outcomeOf(error: ExecFileException): string {
  const code = codeOf(error);
  if (code === 'ENOENT') return 'its program was not found';
  if (code === 'EACCES') return 'its program may not be run';
  if (error.signal) return `it was ended by ${error.signal}`;
  return typeof code === 'number' ? `it ended with exit code ${code}` : 'it could not be run';
}
