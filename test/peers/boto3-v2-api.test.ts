import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { environmentFor } from '../../src/cli/local/local-environment.js';
import { startNetworkService } from '../helpers/network-service.js';

const run = promisify(execFile);
const howToGet = 'apt-get install python3-boto3, or pip install boto3';

/** Every Python that has boto3, Debian's among them. */
async function pythons(): Promise<readonly string[]> {
  const found = new Map<string, string>();
  for (const path of ['python3', '/usr/bin/python3']) {
    try {
      const { stdout } = await run(path, [
        '-c',
        'import boto3, sys; print(sys.executable, boto3.__version__)',
      ]);
      const [program = '', version = ''] = stdout.trim().split(' ');
      found.set(program, version);
    } catch {
      // Not here, or without boto3.
    }
  }
  if (found.size === 0 && process.env['CI'] === 'true')
    throw new Error(`boto3 is missing; to get it: ${howToGet}`);
  if (found.size === 0) console.log(`skipped: boto3 is not installed; to get it: ${howToGet}`);
  return [...found.keys()];
}

/** What is done with boto3, as someone would write it; the last thing that it does is print what it saw. */
const script = `
import boto3, json, os
from botocore.exceptions import ClientError

elb = boto3.client('elbv2', endpoint_url=os.environ['AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2'])
seen = {}

def error(call, **given):
    try:
        call(**given)
    except ClientError as failed:
        name = type(failed).__name__
        return [name, failed.response['Error']['Code'], failed.response['ResponseMetadata']['HTTPStatusCode']]

pages = elb.get_paginator('describe_load_balancers').paginate(PaginationConfig={'PageSize': 1})
seen['pages'] = [[one['LoadBalancerName'] for one in page['LoadBalancers']] for page in pages]
edge = elb.describe_load_balancers(Names=['edge'])['LoadBalancers'][0]
seen['edge'] = [edge['Type'], edge['State']['Code'], edge['CreatedTime'].tzinfo is not None]
arn = edge['LoadBalancerArn']
groups = elb.get_paginator('describe_target_groups').paginate(LoadBalancerArn=arn, PaginationConfig={'PageSize': 1})
groups = {one['TargetGroupName']: one['TargetGroupArn'] for page in groups for one in page['TargetGroups']}
seen['groups'] = sorted(groups)

def attributes(group):
    listed = elb.describe_target_group_attributes(TargetGroupArn=groups[group])['Attributes']
    return {one['Key']: one['Value'] for one in listed}

before = attributes('blue')
answer = elb.modify_target_group_attributes(
    TargetGroupArn=groups['blue'], Attributes=[{'Key': 'proxy_protocol_v2.enabled', 'Value': 'true'}])
after = attributes('blue')
seen['changed'] = {key: [before.get(key), value] for key, value in after.items() if before.get(key) != value}
seen['answered'] = [one for one in answer['Attributes'] if one['Key'] == 'proxy_protocol_v2.enabled']

green = elb.create_target_group(
    Name='blue-v2', Protocol='TCP', Port=9443, VpcId='vpc-1', TargetType='ip', HealthCheckProtocol='HTTP')['TargetGroups'][0]
elb.register_targets(TargetGroupArn=green['TargetGroupArn'], Targets=[{'Id': '127.0.0.1'}, {'Id': '127.0.0.1', 'Port': 9444}])
listener = next(one for page in elb.get_paginator('describe_listeners').paginate(LoadBalancerArn=arn)
                for one in page['Listeners'] if one['Port'] == 443)
def weigh(*weights):
    elb.modify_listener(ListenerArn=listener['ListenerArn'], DefaultActions=[{'Type': 'forward', 'ForwardConfig': {'TargetGroups': [
        {'TargetGroupArn': group, 'Weight': weight} for group, weight in zip([groups['blue'], green['TargetGroupArn']], weights)]}}])
    action = elb.describe_listeners(ListenerArns=[listener['ListenerArn']])['Listeners'][0]['DefaultActions'][0]
    return [one['Weight'] for one in action['ForwardConfig']['TargetGroups']]
seen['weights'] = [weigh(100, 0), weigh(90, 10), weigh(0, 100)]
elb.get_waiter('target_in_service').wait(TargetGroupArn=green['TargetGroupArn'], WaiterConfig={'Delay': 1, 'MaxAttempts': 20})
health = elb.describe_target_health(TargetGroupArn=green['TargetGroupArn'])['TargetHealthDescriptions']
seen['health'] = sorted([one['Target']['Port'], one['TargetHealth']['State']] for one in health)

elb.add_tags(ResourceArns=[arn, groups['blue']], Tags=[{'Key': 'team', 'Value': 'edge'}])
tags = elb.describe_tags(ResourceArns=[arn, groups['blue']])['TagDescriptions']
seen['tags'] = [one['Tags'] for one in tags]

new = elb.create_listener(LoadBalancerArn=arn, Protocol='UDP', Port=53,
    DefaultActions=[{'Type': 'forward', 'TargetGroupArn': elb.create_target_group(
        Name='dns', Protocol='UDP', Port=53, VpcId='vpc-1')['TargetGroups'][0]['TargetGroupArn']}])['Listeners'][0]
seen['udp'] = [new['Protocol'], new['Port']]
elb.delete_listener(ListenerArn=new['ListenerArn'])

no = groups['blue'].replace('blue', 'gone')
seen['errors'] = [
    error(elb.describe_load_balancers, Names=['none']),
    error(elb.describe_target_groups, Names=['none']),
    error(elb.describe_target_group_attributes, TargetGroupArn=no),
    error(elb.modify_target_group_attributes, TargetGroupArn=groups['blue'],
          Attributes=[{'Key': 'proxy_protocol_v2.enabled', 'Value': 'perhaps'}]),
    error(elb.create_listener, LoadBalancerArn=arn, Protocol='TCP', Port=443,
          DefaultActions=[{'Type': 'forward', 'TargetGroupArn': groups['blue']}]),
    error(elb.delete_target_group, TargetGroupArn=groups['blue']),
    error(elb.describe_listeners),
]
print(json.dumps(seen))
`;

const found = await pythons();

describe.skipIf(found.length === 0)('boto3 at the ELBv2 API of local', () => {
  it.each(found)('of %s: describes, switches, weighs, waits, and names errors', async (python) => {
    await using service = await startNetworkService();
    const env = {
      ...environmentFor({ PATH: process.env['PATH'] }, service.endpoint, 'us-east-1'),
      HOME: '/nonexistent',
    };
    const { stdout } = await run(python, ['-c', script], { env });
    expect(JSON.parse(stdout)).toEqual({
      pages: [['both'], ['edge'], ['shop']],
      edge: ['network', 'active', true],
      groups: ['blue', 'green'],
      changed: { 'proxy_protocol_v2.enabled': ['false', 'true'] },
      answered: [{ Key: 'proxy_protocol_v2.enabled', Value: 'true' }],
      weights: [
        [100, 0],
        [90, 10],
        [0, 100],
      ],
      health: [
        [9443, 'healthy'],
        [9444, 'healthy'],
      ],
      tags: [[{ Key: 'team', Value: 'edge' }], [{ Key: 'team', Value: 'edge' }]],
      udp: ['UDP', 53],
      errors: [
        ['LoadBalancerNotFoundException', 'LoadBalancerNotFound', 400],
        ['TargetGroupNotFoundException', 'TargetGroupNotFound', 400],
        ['TargetGroupNotFoundException', 'TargetGroupNotFound', 400],
        ['InvalidConfigurationRequestException', 'InvalidConfigurationRequest', 400],
        ['DuplicateListenerException', 'DuplicateListener', 400],
        ['ResourceInUseException', 'ResourceInUse', 400],
        ['ClientError', 'ValidationError', 400],
      ],
    });
  });
});
