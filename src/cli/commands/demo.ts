import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ElbProxyError } from '../../errors.js';
import type { Context } from '../context.js';
import type { Command } from '../define.js';
import type { Io } from '../io.js';
import { environmentFor } from '../local-environment.js';

/** One scene of the demo: what it shows, and the command line that shows it. */
interface Scene {
  readonly title: string;
  readonly argv: readonly string[];
}

const scenes: readonly Scene[] = [
  {
    title: 'What is there: instance port 8443 has two policies of its own, and no PROXY line.',
    argv: ['status', 'web'],
  },
  { title: 'What would change. Nothing is written.', argv: ['enable', 'web', '--port', '8443', '--dry-run'] },
  {
    title: 'Do it. Each write follows a fresh read, is read back, and stands in a journal.',
    argv: ['enable', 'web', '--port', '8443', '--yes'],
  },
  { title: 'The PROXY line is on, and the other two policies are where they were.', argv: ['status', 'web'] },
  { title: 'Take it back. The list is what it was, to the letter.', argv: ['undo', '--yes'] },
  { title: 'As if nothing had been.', argv: ['status', 'web', '--expect', 'disabled'] },
];

/** `elb-proxy demo`. */
export const demo: Command = {
  name: 'demo',
  summary: 'the whole story on an ephemeral local load balancer, no AWS account',
  options: {},
  examples: [
    { command: 'elb-proxy demo', what: 'status, dry run, enable, status, undo: with what each printed' },
  ],
  mutates: false,
  iam: [],
  exitCodes: [0, 1],
  run: async (_given, context) => {
    const { startLocal } = await import('../../local/index.js');
    await using service = await startLocal({ port: 0, seed: 'demo' });
    const state = await mkdtemp(join(tmpdir(), 'elb-proxy-demo-'));
    try {
      const env = {
        ...environmentFor(context.io.env, service.endpoint, 'us-east-1'),
        ELB_PROXY_STATE_DIR: state,
      };
      const shown: { command: string; output: string; exitCode: number }[] = [];
      for (const { title, argv } of scenes) {
        const scene = await play(argv, env, context);
        shown.push(scene);
        if (context.output === 'text')
          await context.print(scene, ({ command, output }) => `\n# ${title}\n$ ${command}\n\n${output}`);
        if (scene.exitCode !== 0) throw failed(scene.command, scene.exitCode, scene.output);
      }
      await context.print({ formatVersion: 1, scenes: shown }, () => closing);
      return 0;
    } finally {
      await rm(state, { recursive: true, force: true });
    }
  },
};

const closing = `
That was real HTTP against a local Classic ELB API; nothing else was touched. Next:
  elb-proxy local --seed demo -- bash     a shell to try it in
  elb-proxy status                        your own load balancers, with your AWS credentials
`;

/** Runs a command as a process of its own, as a user would, and gives what it printed. */
async function play(argv: readonly string[], env: Io['env'], { io }: Context) {
  const [program, ...first] = io.self;
  const colour = io.stdout.isTerminal && io.env['NO_COLOR'] === undefined ? { FORCE_COLOR: '1' } : {};
  const child = spawn(program, [...first, ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...env, ...colour },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
  return { command: ['elb-proxy', ...argv].join(' '), output, exitCode };
}

function failed(command: string, exitCode: number, output: string): ElbProxyError {
  return new ElbProxyError(`the demo stopped: ${command} ended with ${exitCode}: ${output.trim()}`, {
    code: 'internal',
    fault: 'tool',
  });
}
