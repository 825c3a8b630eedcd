import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { awsCommand } from '../../src/core/aws-command.js';
import { goOnWith, nextCommand } from '../../src/core/next-command.js';

afterEach(() => goOnWith({}));

/** The words that a POSIX shell makes of a command line. */
function wordsOf(command: string): readonly string[] {
  return execFileSync('sh', ['-c', `printf '%s\\0' ${command}`], { encoding: 'utf8', env: { HOME: '/root' } })
    .split('\0')
    .slice(0, -1);
}

const hostile = [
  'my profile',
  "it's",
  '"quoted"',
  '$HOME',
  '$(id)',
  '`id`',
  'a;b&c|d',
  '*',
  '~',
  'back\\slash',
  '#no',
  'two\nlines',
  '!!',
  'größe',
];

describe('a command that goes on from here', () => {
  it('is bare if the run was given nothing', () => {
    expect(nextCommand('undo', ['20260501-123000-a1b2c3'])).toBe('elb-proxy undo 20260501-123000-a1b2c3');
    expect(nextCommand('history')).toBe('elb-proxy history');
  });

  it('carries the profile, region and endpoint of this run', () => {
    goOnWith({ profile: 'ops', region: 'eu-west-1', endpointUrl: 'http://127.0.0.1:4580' });
    expect(nextCommand('undo', ['x'])).toBe(
      'elb-proxy undo x --profile ops --region eu-west-1 --endpoint-url http://127.0.0.1:4580',
    );
  });

  it('names a region or an endpoint of its own once', () => {
    goOnWith({ profile: 'ops', region: 'eu-west-1', endpointUrl: 'http://a' });
    expect(nextCommand('status', ['web'], { region: 'us-east-1', 'endpoint-url': 'http://b' })).toBe(
      'elb-proxy status web --region us-east-1 --endpoint-url http://b --profile ops',
    );
    expect(nextCommand('status', ['web'], { region: undefined })).toContain('--region eu-west-1');
  });

  it.each(hostile)('means the same to a shell with a profile named %j', (profile) => {
    goOnWith({ profile });
    expect(wordsOf(nextCommand('undo', ['x']))).toEqual(['elb-proxy', 'undo', 'x', '--profile', profile]);
  });

  it.each([...hostile, 'web'])('means the same to a shell on a load balancer named %j', (name) => {
    expect(wordsOf(nextCommand('status', [name], { region: 'us-east-1' }))).toEqual([
      'elb-proxy',
      'status',
      name,
      '--region',
      'us-east-1',
    ]);
  });

  it('takes no name that begins with a dash for an option', () => {
    goOnWith({ profile: '-p' });
    expect(nextCommand('status', ['-web'], { region: 'us-east-1' })).toBe(
      'elb-proxy status --region us-east-1 --profile=-p -- -web',
    );
  });
});

describe("the AWS CLI's command for a step", () => {
  const step = { call: 'SetLoadBalancerPoliciesForBackendServer', instancePort: 1, before: [], after: ['a'] };
  const command = (endpoint?: string) =>
    awsCommand({ name: 'web', region: 'us-east-1' }, step as Parameters<typeof awsCommand>[1], endpoint);

  it('carries the profile of this run, its region and the endpoint in use', () => {
    goOnWith({ profile: "o'ps x", region: 'eu-west-1', endpointUrl: 'http://flag' });
    expect(wordsOf(command('http://used'))).toEqual(
      expect.arrayContaining([
        '--region',
        'us-east-1',
        '--endpoint-url',
        'http://used',
        '--profile',
        "o'ps x",
      ]),
    );
    expect(command()).toContain('--endpoint-url http://flag');
  });

  it('takes no profile that begins with a dash for an option', () => {
    goOnWith({ profile: '--debug' });
    expect(command()).toContain(' --profile=--debug ');
  });
});
