import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startLocal } from '../../dist/local/index.js';
import { interleaved, median, printTable, spread } from './measure.mjs';

const bin = fileURLToPath(new URL('../../bin/elb-proxy.js', import.meta.url));

/** Whole processes: how long the program takes to answer, against bare Node and the AWS CLI. */
export async function run({ rounds = 15 } = {}) {
  const local = await startLocal({ port: 0, seed: 'demo', dataPlane: false });
  const env = {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING: local.endpoint,
    ELB_PROXY_STATE_DIR: '/nonexistent/elb-proxy',
    AWS_PAGER: '',
  };
  const node = [process.execPath, '-e', '0'];
  const contenders = [
    { name: 'node -e 0', argv: node, env },
    { name: 'elb-proxy --version', argv: [process.execPath, bin, '--version'], env },
    { name: 'elb-proxy --help', argv: [process.execPath, bin, '--help'], env },
    { name: 'elb-proxy status web', argv: [process.execPath, bin, 'status', 'web'], env },
  ];
  if (hasAws())
    contenders.push({
      name: 'aws elb describe-load-balancers',
      argv: ['aws', 'elb', 'describe-load-balancers', '--load-balancer-names', 'web'],
      env,
    });
  else console.log('no row for the AWS CLI: it is not installed (apt-get install awscli)');
  const times = await interleaved(contenders, rounds);
  await local.close();
  const floor = median(times[0]);
  const rows = contenders.map(({ name }, index) => {
    const middle = median(times[index]);
    return { name, medianMs: middle, quartilesMs: spread(times[index]), ratioToNode: middle / floor };
  });
  printTable(
    `Start-up, ${rounds} runs each, interleaved`,
    ['command', 'median ms', 'quartiles', '× node -e 0'],
    rows.map(({ name, medianMs, quartilesMs, ratioToNode }) => [
      name,
      medianMs.toFixed(0),
      quartilesMs.map((value) => value.toFixed(0)).join('–'),
      ratioToNode.toFixed(2),
    ]),
  );
  return rows;
}

function hasAws() {
  try {
    execFileSync('aws', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
