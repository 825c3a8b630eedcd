import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ElbProxyError } from '../../errors.js';
import type { Style } from '../../render/style.js';
import { paragraph } from '../../render/text/paragraph.js';
import type { Context } from '../context.js';
import type { Command } from '../define.js';
import type { Scene } from '../demo/scenes.js';
import type { Stage, Way } from '../demo/stage.js';
import type { ExitCode } from '../exit-codes.js';
import { environmentFor } from '../local/local-environment.js';

/** `elb-proxy demo`. */
export const demo: Command = {
  name: 'demo',
  options: {},
  examples: {
    'elb-proxy demo':
      'status, dry run, enable, what breaks, undo, roll back by health and alarm, enable with a guard, the line itself, and version 2 of a Network Load Balancer',
  },
  mutates: false,
  iam: [],
  exitCodes: [0, 1],
  // However it ends, the stage is cleared.
  run: async (_given, context) => context.untilFinished(tellStory(context)),
};

async function tellStory(context: Context): Promise<ExitCode> {
  const { setStage } = await import('../demo/stage.js');
  const { scenes } = await import('../demo/scenes.js');
  await using stage = await setStage();
  const shown: Shown[] = [];
  for (const scene of scenes) {
    const played = await play(scene, stage, context);
    if (context.io.signal.aborted)
      throw new ElbProxyError('interrupted; nothing is left of the demo', {
        code: 'interrupted',
        fault: 'user',
      });
    shown.push(played);
    if (context.output === 'text') await context.print(played, sceneText);
    if (played.unexpected !== undefined) throw stopped(played, played.unexpected);
  }
  await context.print({ formatVersion: 1, scenes: shown }, () => closing);
  return 0;
}

/** A scene as it was played. */
interface Shown {
  readonly title: string;
  /** The action: a command line, or words in brackets. */
  readonly did: string;
  readonly output: string;
  /** The reason why the demo can't go on. */
  readonly unexpected?: string;
}

function sceneText({ title, did, output }: Shown, style: Style): string {
  const heading = paragraph(title, { width: style.width - 2 })
    .map((line) => `# ${line}`)
    .join('\n');
  return `${heading}\n${did}\n${output}\n`;
}

const closing = `That was real traffic through local load balancers; nothing else was touched.
Next: elb-proxy local --seed demo -- bash (a shell to try it in)
`;

async function play(scene: Scene, stage: Stage, context: Context): Promise<Shown> {
  const { title } = scene;
  if (scene.backend !== undefined) {
    await stage.backend.replace(scene.backend);
    await stage.ready();
  }
  if ('ask' in scene) {
    const { said, status } = await stage.ask();
    return {
      title,
      did: asking('classic', stage),
      output: `${said}\n`,
      ...(status === scene.ask ? {} : { unexpected: `expected HTTP ${scene.ask}` }),
    };
  }
  const argv = scene.run.map((word) => word.replace(/\bPORT$/, String(stage.backend.port)));
  const over = new AbortController();
  const beside = scene.meanwhile === undefined ? undefined : stage.meanwhile(scene.meanwhile, over.signal);
  const { output, exitCode } = await runSelf(argv, scene.head, stage, context);
  over.abort();
  await beside;
  const { thenAsk: way } = scene;
  const answer = way === undefined ? undefined : await stage.ask(way);
  const cut = scene.head === undefined ? '' : scene.head === 0 ? ' > /dev/null' : ` | head -${scene.head}`;
  const did = `$ elb-proxy ${argv.join(' ')}${cut}`;
  return {
    title,
    did,
    output: answer === undefined ? output : `${output}${asking(way, stage)}\n${answer.said}\n`,
    ...(answer === undefined || answer.status === 200 ? {} : { unexpected: 'expected HTTP 200' }),
    ...(exitCode === (scene.exit ?? 0) ? {} : { unexpected: `it ended with ${exitCode}` }),
  };
}

/** A client's action, in words. */
function asking(way: Way = 'classic', { client, listeners }: Stage): string {
  const { host, port } = listeners[way];
  return `(a client${client === undefined ? '' : ` at ${client}`} asks http://${host}:${port}/)`;
}

/** Runs a command in a separate process, as a user would, and returns its output. */
async function runSelf(argv: readonly string[], head: number | undefined, stage: Stage, { io }: Context) {
  const [program, ...first] = io.self;
  const colour = io.stdout.isTerminal && !io.env['NO_COLOR'] ? { FORCE_COLOR: '1' } : {};
  const child = spawn(program, [...first, ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...environmentFor(io.env, stage.endpoint, 'us-east-1'),
      ...colour,
      ...(io.stdout.columns === undefined ? {} : { COLUMNS: String(io.stdout.columns) }),
      ELB_PROXY_STATE_DIR: stage.stateDirectory,
    },
  });
  // A terminal sends Ctrl-C to both; a signal to this process alone is passed on.
  const end = (): void => void child.kill();
  io.signal.addEventListener('abort', end);
  let output = '';
  let lines = 0;
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.split(/(?<=\n)/)) {
      if (head === undefined || lines < head) output += line;
      lines += line.endsWith('\n') ? 1 : 0;
    }
  });
  const [code] = (await once(child, 'close').finally(() => io.signal.removeEventListener('abort', end))) as [
    number | null,
  ];
  return { output, exitCode: code ?? 1 };
}

function stopped({ did, output }: Shown, why: string): ElbProxyError {
  return new ElbProxyError(`the demo stopped at ${did}: ${why}, and said: ${output.trim()}`, {
    code: 'demo-stopped',
    fault: 'tool',
  });
}
