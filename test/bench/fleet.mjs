import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocal } from '../../dist/local/index.js';
import {
  awsCli,
  bin,
  boto3,
  environment,
  figure,
  inTurn,
  range,
  ratio,
  table,
  timeOnce,
} from './measure.mjs';
import { peakMemory } from './memory.mjs';

/** The fleet that the shell loop is measured over; one load balancer takes as long as another, so few are enough. */
const sampleSize = 20;

const policy = {
  policyName: 'proxy',
  policyTypeName: 'ProxyProtocolPolicyType',
  attributes: { ProxyProtocol: 'true' },
};

/** The calls that `status` makes: pages of 400, and the policies of those that have some on a port. */
const python = (threads) => `
import boto3
from concurrent.futures import ThreadPoolExecutor
elb = boto3.client('elb')
def policies(name): return elb.describe_load_balancer_policies(LoadBalancerName=name)
seen = 0
with ThreadPoolExecutor(${threads}) as pool:
    for page in elb.get_paginator('describe_load_balancers').paginate(PaginationConfig={'PageSize': 400}):
        found = page['LoadBalancerDescriptions']
        wanted = [one['LoadBalancerName'] for one in found if one['BackendServerDescriptions']]
        seen += len(found)
        list(${threads === 1 ? 'map' : 'pool.map'}(policies, wanted))
assert seen > 0
`;

/** The same as a shell loop would: a process for the list, then one for each that has policies on a port. */
const shell = (aws) => `
for name in $("${aws}" elb describe-load-balancers --output text \\
  --query 'LoadBalancerDescriptions[?BackendServerDescriptions].LoadBalancerName')
do
  "${aws}" elb describe-load-balancer-policies --load-balancer-name "$name" || exit
done`;

/**
 * `status -o json` of fleets of growing size, every second load balancer with a policy on its port: calls, milliseconds a
 * load balancer, memory; beside the same calls in boto3 in one process, and in a shell loop over `aws elb`.
 */
export async function run({ sizes = [1_000, 10_000], rounds = 3 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'elb-proxy-bench-'));
  const [aws, boto] = [awsCli(), boto3()];
  const fleets = [];
  for (const size of sizes) fleets.push(await startFleet(size));
  const sample = await startFleet(sampleSize);
  try {
    // All of one round run side by side, so that whatever else the machine does meets all sizes and peers alike.
    const contenders = fleets.flatMap((fleet) => contendersFor(fleet, { boto }));
    if (aws !== undefined) contenders.push(shellLoop(sample, aws));
    const measured = await inTurn(contenders, rounds);
    const of = (name) => measured.find((one) => one.name === name);
    const loop = of('a shell loop over aws elb');
    const rows = [];
    for (const { size, local, calls } of fleets) {
      const own = of(`elb-proxy ${size}`);
      const peak = await peakOf(local, folder);
      const peers = {
        ofSmallest: ratio(own, of(`elb-proxy ${sizes[0]}`)),
        loopOfOwn: ratio(loop, own),
        botoOfOwn: ratio(of(`boto3 ${size}`), own),
        threadsOfOwn: ratio(of(`boto3 with 8 threads ${size}`), own),
      };
      rows.push({ size, calls, own, peak, ...peers, boto3: of(`boto3 ${size}`) });
    }
    return { rounds, aws: aws?.version, boto3: boto?.version, loop, rows };
  } finally {
    for (const { local } of [...fleets, sample]) await local.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Everything in milliseconds a load balancer. */
function contendersFor(fleet, { boto }) {
  const { size, local, counted } = fleet;
  const env = environment(local.endpoint);
  const each = async (argv) => (await timeOnce(argv, env)) / size;
  const own = async () => {
    counted.calls = 0;
    const ms = await each([process.execPath, bin, 'status', '-o', 'json']);
    fleet.calls = counted.calls;
    return ms;
  };
  const inPython = (name, threads) => ({ name, measure: () => each([...boto.argv, '-c', python(threads)]) });
  return [
    { name: `elb-proxy ${size}`, measure: own },
    ...(boto === undefined
      ? []
      : [inPython(`boto3 ${size}`, 1), inPython(`boto3 with 8 threads ${size}`, 8)]),
  ];
}

function shellLoop({ local, size }, aws) {
  const env = environment(local.endpoint);
  return {
    name: 'a shell loop over aws elb',
    measure: async () => (await timeOnce(['sh', '-c', shell(aws.argv[0])], env)) / size,
  };
}

const peakOf = async (local, folder) =>
  process.platform === 'linux'
    ? peakMemory(folder)([process.execPath, bin, 'status', '-o', 'json'], environment(local.endpoint))
    : undefined;

async function startFleet(size) {
  const counted = { calls: 0 };
  const loadBalancers = Array.from({ length: size }, (_, index) => ({
    name: `lb-${String(index).padStart(5, '0')}`,
    listeners: [{ protocol: 'TCP', loadBalancerPort: 443, instancePort: 8443 }],
    ...(index % 2 === 0
      ? { policies: [policy], backendPolicies: [{ instancePort: 8443, policyNames: ['proxy'] }] }
      : {}),
  }));
  const onEvent = ({ kind }) => {
    if (kind === 'request') counted.calls++;
  };
  const local = await startLocal({ port: 0, dataPlane: false, seed: { loadBalancers }, onEvent });
  return { size, local, counted, calls: 0 };
}

/** The table for people. */
export const format = ({ rounds, aws, boto3: boto, loop, rows }) =>
  [
    table(
      `status -o json of a fleet, ${rounds} runs each in turn; half the load balancers have policies on a port`,
      [
        'load balancers',
        'calls',
        'ms each (quartiles)',
        '× smallest',
        'boto3 ms each',
        'boto3 ×',
        '8 threads ×',
        'shell loop ×',
        'peak MB',
      ],
      rows.map((row) => [
        row.size,
        row.calls,
        range(row.own, 2),
        figure(row.ofSmallest),
        row.boto3 === undefined ? '-' : range(row.boto3, 2),
        figure(row.botoOfOwn),
        figure(row.threadsOfOwn),
        figure(row.loopOfOwn, 0),
        figure(row.peak, 0),
      ]),
    ),
    boto === undefined
      ? '  no column for boto3: it is not installed (apt-get install python3-boto3)'
      : `  ${boto}: the same calls in one process, one after the other, and with a pool of 8 threads, as many as elb-proxy has under way`,
    aws === undefined
      ? '  no column for the shell loop: the AWS CLI is not installed (apt-get install awscli)'
      : `  the shell loop: ${aws} once for the list and once for each that has policies, measured over ${sampleSize} load balancers: ${figure(loop.median, 0)} ms each, taken for the same in a larger fleet`,
  ].join('\n');
