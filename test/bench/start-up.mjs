import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocal } from '../../dist/local/index.js';
import { livedIn, onWhat } from './lived-in.mjs';
import { awsCli, bin, environment, figure, inTurn, range, ratio, table, timeOnce } from './measure.mjs';

/** Whole processes: how long the program takes to answer, against bare Node and the AWS CLI. */
export async function run({ rounds = 15 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'elb-proxy-bench-'));
  const [state] = await livedIn(folder);
  const [long] = await livedIn(folder, 1, 10_000);
  const local = await startLocal({ port: 0, seed: 'demo', dataPlane: false });
  const env = environment(local.endpoint, { ELB_PROXY_STATE_DIR: state });
  const node = (name, ...args) => ({ name, measure: () => timeOnce([process.execPath, ...args], env) });
  const historyIn = (name, directory) => ({
    name,
    measure: () => timeOnce([process.execPath, bin, 'history'], { ...env, ELB_PROXY_STATE_DIR: directory }),
  });
  const aws = awsCli();
  const command = 'describe-load-balancers';
  const contenders = [
    node('node -e 0', '-e', '0'),
    node('elb-proxy --version', bin, '--version'),
    node('elb-proxy --help', bin, '--help'),
    node('elb-proxy status web', bin, 'status', 'web'),
    historyIn('elb-proxy history, no change', join(folder, 'none')),
    historyIn('elb-proxy history, 1,000 changes', state),
    historyIn('elb-proxy history, 10,000 changes', long),
    ...(aws === undefined
      ? []
      : [
          {
            name: `aws elb ${command}`,
            measure: () => timeOnce([...aws.argv, command, '--load-balancer-names', 'web'], env),
          },
        ]),
  ];
  try {
    const [floor, ...others] = await inTurn(contenders, rounds);
    const [, , status, none, some, many, ofAws] = others;
    return {
      rounds,
      aws: aws?.version,
      rows: [floor, ...others].map((row) => ({ ...row, ofNode: ratio(row, floor) })),
      statusOfAws: ratio(status, ofAws),
      historyOfNone: { some: ratio(some, none), many: ratio(many, none) },
    };
  } finally {
    await local.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The table for people. */
export const format = ({ rounds, aws, rows, statusOfAws }) =>
  [
    table(
      `Start-up, whole processes, ${rounds} runs each in turn; ${onWhat}`,
      ['command', 'ms, median (quartiles)', '× node -e 0'],
      rows.map((row) => [row.name, range(row), figure(row.ofNode)]),
    ),
    aws === undefined
      ? '  no row for the AWS CLI: it is not installed (apt-get install awscli)'
      : `  status web takes ${figure(statusOfAws)} × the time of ${aws}`,
  ].join('\n');
