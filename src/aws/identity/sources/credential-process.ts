import { codeOf, messageOf } from '../../../errors.js';
import type { Environment } from '../../environment.js';
import { plainText } from '../../plain-text.js';
import { noCredentials } from '../failures.js';
import { keyOf } from '../setting.js';
import { shellWords } from '../shell-words.js';
import { keysFrom } from './keys-from.js';
import type { Found, ProfileSource, Sources } from './source.js';

/** The profile's `credential_process`, run without a shell; command line and output may be secret, and are not shown. */
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
  if (words === undefined) throw failed('its command line has a quote that is not closed', 'close the quote');
  const [program = '', ...args] = words;
  return {
    from,
    fetch: async () => {
      const output = await outputOf(program, args, env).catch((error: unknown) => {
        throw failed(messageOf(error));
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

/** A program's output; rejects with why there is none, never with its words. It may ask on the terminal. */
async function outputOf(program: string, args: readonly string[], env: Environment): Promise<string> {
  const { spawn } = await import('node:child_process');
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(why));
    // Its standard error may show secrets: it is read, so that the program does not wait, and dropped.
    const child = spawn(program, args, {
      env: { ...env },
      stdio: ['inherit', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.resume();
    child.once('error', (error) => fail(startFailures[String(codeOf(error))] ?? 'it could not be run'));
    child.once('close', (code, signal) => {
      if (signal) fail(`it was killed by ${signal}`);
      else if (code !== 0) fail(`it ended with exit code ${code}`);
      else resolve(Buffer.concat(chunks).toString('utf8'));
    });
  });
}

const startFailures: Readonly<Record<string, string>> = {
  EACCES: 'its program is not executable',
  ENOENT: 'its program was not found',
};
