// npm run bench [-- name…] [--json]: measures what README.md says about speed, each against a peer in the same run.
// With --json, stdout holds one document and nothing else; the tables go to stderr.
import { cpus } from 'node:os';
import { goalsOf } from './goals.mjs';
import { table } from './measure.mjs';

const benches = {
  'start-up': './start-up.mjs',
  enable: './enable.mjs',
  gap: './gap.mjs',
  memory: './memory.mjs',
  fleet: './fleet.mjs',
  'verify-backend': './verify-backend.mjs',
  decoder: './decoder.mjs',
  adapter: './adapter.mjs',
  'data-plane': './data-plane.mjs',
};

const words = process.argv.slice(2);
const names = words.filter((word) => !word.startsWith('--'));
const unknown = words.find((word) => word !== '--json' && !Object.hasOwn(benches, word));
if (unknown !== undefined) {
  console.error(
    `there is no ${unknown.startsWith('--') ? 'option' : 'benchmark'} ${unknown}; there are ${Object.keys(benches).join(', ')}, and --json`,
  );
  process.exit(1);
}
// Without the two dashes in front, npm takes the option for its own.
const json = words.includes('--json') || process.env.npm_config_json === 'true';
const show = json ? console.error : console.log;
const results = {};
for (const name of names.length > 0 ? names : Object.keys(benches)) {
  const { run, format } = await import(benches[name]);
  try {
    const result = await run();
    const goals = goalsOf[name](result);
    results[name] = { ...result, goals };
    show(format(result));
    show(goalTable(goals));
  } catch (error) {
    // One that cannot be measured on this machine hides no other.
    results[name] = { error: error.message };
    show(`\n${name} could not be measured: ${error.message}`);
  }
}
const machine = { node: process.version, platform: process.platform, cpus: cpus().map(({ model }) => model) };
if (json) console.log(JSON.stringify({ machine, results }, null, 2));

function goalTable(goals) {
  return table(
    'Goals',
    ['what', 'goal', 'figure', ''],
    goals.map(({ what, limit, atMost, figure, met }) => [
      what,
      `${atMost ? '≤' : '≥'} ${limit}`,
      figure === undefined ? '-' : figure.toFixed(figure < 10 ? 2 : 0),
      met,
    ]),
  );
}
