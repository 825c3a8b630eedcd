import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocal } from '../../dist/local/index.js';
import { livedIn, onWhat } from './lived-in.mjs';
import { awsCli, bin, environment, figure, inTurn, range, ratio, table, timeOnce } from './measure.mjs';

const policyName = 'ProxyProtocol-enabled';

/**
 * A complete `enable`, with its reads, journal, lock and read-back, beside the three `aws elb` commands that it replaces.
 * Each round has a load balancer of its own, and `enable` a state directory of its own with a long journal.
 */
export async function run({ rounds = 11 } = {}) {
  const aws = awsCli();
  const folder = mkdtempSync(join(tmpdir(), 'elb-proxy-bench-'));
  const loadBalancers = Array.from({ length: rounds + 1 }, (_, index) => [`own-${index}`, `aws-${index}`])
    .flat()
    .map((name) => ({ name, listeners: [{ protocol: 'TCP', loadBalancerPort: 443, instancePort: 8443 }] }));
  const local = await startLocal({ port: 0, dataPlane: false, seed: { loadBalancers } });
  const states = await livedIn(folder, rounds + 1);
  const changed = (name) => {
    const found = local.loadBalancers().find(({ loadBalancerName }) => loadBalancerName === name);
    if (found?.backendPolicies[0]?.policyNames.join() !== policyName)
      throw new Error(`${name} was not changed`);
  };
  const own = async (round) => {
    const name = `own-${round + 1}`;
    const env = environment(local.endpoint, { ELB_PROXY_STATE_DIR: states[round + 1] });
    const ms = await timeOnce([process.execPath, bin, 'enable', name, '--port', '8443', '--yes'], env);
    changed(name);
    return ms;
  };
  const peer = async (round) => {
    const name = `aws-${round + 1}`;
    const env = environment(local.endpoint);
    let ms = 0;
    for (const args of awsCommands(name)) ms += await timeOnce([...aws.argv, ...args], env);
    changed(name);
    return ms;
  };
  try {
    const [enable, commands] = await inTurn(
      [
        { name: 'elb-proxy enable web --port 8443 --yes', measure: own },
        ...(aws === undefined ? [] : [{ name: 'three aws elb commands', measure: peer }]),
      ],
      rounds,
    );
    const rows = commands === undefined ? [enable] : [enable, commands];
    return { rounds, aws: aws?.version, rows, ofAws: ratio(enable, commands) };
  } finally {
    await local.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const awsCommands = (name) =>
  [
    `describe-load-balancers --load-balancer-names ${name}`,
    `create-load-balancer-policy --load-balancer-name ${name} --policy-name ${policyName} --policy-type-name ProxyProtocolPolicyType --policy-attributes AttributeName=ProxyProtocol,AttributeValue=true`,
    `set-load-balancer-policies-for-backend-server --load-balancer-name ${name} --instance-port 8443 --policy-names ${policyName}`,
  ].map((line) => line.split(' '));

/** The table for people. */
export const format = ({ rounds, aws, rows, ofAws }) =>
  [
    table(
      `A complete enable, ${rounds} runs each in turn; ${onWhat}`,
      ['what', 'ms, median (quartiles)'],
      rows.map((row) => [row.name, range(row)]),
    ),
    aws === undefined
      ? '  no row for the AWS CLI: it is not installed (apt-get install awscli)'
      : `  enable takes ${figure(ofAws)} × the time of describe-load-balancers, create-load-balancer-policy and set-load-balancer-policies-for-backend-server of ${aws}`,
  ].join('\n');
