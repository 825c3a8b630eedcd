// npm run test:again -- [RUNS] [BUSY]: `npm test` RUNS times in a row (5), beside BUSY busy loops (0), with the time and
// the last line of each; ends with 1 where one of them failed. What fails is left in a file, which is named.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [runs = 5, busy = 0] = process.argv.slice(2).map(Number);
if (!(runs >= 1 && busy >= 0)) throw new Error('npm run test:again -- [RUNS] [BUSY]: two numbers');

const loops = Array.from({ length: busy }, () => spawn(process.execPath, ['-e', 'for (;;);']));
process.on('exit', () => loops.forEach((loop) => loop.kill()));
process.on('SIGINT', () => process.exit(130));

const folder = await mkdtemp(join(tmpdir(), 'elb-proxy-again-'));
let failures = 0;
for (let run = 1; run <= runs; run++) {
  const log = join(folder, `${run}.log`);
  const began = performance.now();
  const child = spawn('npm', ['test'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const file = createWriteStream(log);
  let last = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      file.write(chunk);
      last = /\d+ passed, \d+ failed, \d+ skipped/.exec(`${last}${chunk}`)?.[0] ?? last;
    });
  const [code] = await once(child, 'close');
  file.end();
  const seconds = Math.round((performance.now() - began) / 1000);
  if (code !== 0) failures++;
  process.stdout.write(
    `run ${run}: ${seconds} s, ${last || 'no test was run'}${code === 0 ? '' : `, see ${log}`}\n`,
  );
}
process.stdout.write(
  `${runs - failures} of ${runs} runs passed${busy > 0 ? `, beside ${busy} busy loops` : ''}\n`,
);
process.exit(failures === 0 ? 0 : 1);
