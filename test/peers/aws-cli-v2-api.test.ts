import { describe, expect, it } from 'vitest';
import { environmentFor } from '../../src/cli/local/local-environment.js';
import { startLocal } from '../../src/local/index.js';
import { runAws } from './aws-cli.js';
import { findPeers } from './peer.js';

const certificate = 'arn:aws:acm:us-east-1:123456789012:certificate/web';

/** `aws elbv2` against an endpoint: its JSON, or the line of its error. */
const cli =
  (path: string, endpoint: string) =>
  async (command: string, ...args: readonly string[]): Promise<unknown> => {
    const env = {
      ...environmentFor({ PATH: process.env['PATH'] }, endpoint, 'us-east-1'),
      HOME: '/nonexistent',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_PAGER: '',
    };
    const all = ['elbv2', command, ...args, '--endpoint-url', endpoint, '--output', 'json'];
    const { exitCode, stdout, stderr } = await runAws(path, all, { env });
    if (exitCode === 0) return stdout.trim() === '' ? undefined : JSON.parse(stdout);
    const failure = stderr.split('\n').find((line) => line.includes('An error occurred'));
    return failure?.replace(/^.*?(?=An error occurred)/, '');
  };

describe.each(findPeers('aws', 'apt-get install awscli, or pip install awscli'))(
  '%s',
  { timeout: 240_000 },
  (path) => {
    it('sets a stage of a Network Load Balancer, switches the attribute, reads it back and clears up', async () => {
      await using local = await startLocal({ port: 0, dataPlane: false });
      const aws = cli(path, local.endpoint);
      const arnOf = (name: string): string => {
        const { loadBalancers, targetGroups } = local.elbv2();
        return [...loadBalancers, ...targetGroups].find((one) => one.name === name)?.arn ?? '';
      };
      await Promise.all([
        aws(
          'create-load-balancer',
          '--name',
          'edge',
          '--type',
          'network',
          '--subnets',
          'subnet-1',
          'subnet-2',
        ),
        aws(
          'create-target-group',
          '--name',
          'web',
          '--protocol',
          'TCP',
          '--port',
          '8443',
          '--vpc-id',
          'vpc-1',
        ),
      ]);
      await aws(
        'create-target-group',
        '--name',
        'next',
        '--protocol',
        'TCP',
        '--port',
        '9443',
        '--vpc-id',
        'vpc-1',
      );
      const [edge, web, next] = ['edge', 'web', 'next'].map(arnOf) as [string, string, string];
      await Promise.all([
        aws(
          'register-targets',
          '--target-group-arn',
          web,
          '--targets',
          'Id=i-12345678',
          'Id=i-12345678,Port=9000',
        ),
        aws(
          'create-listener',
          '--load-balancer-arn',
          edge,
          '--protocol',
          'TLS',
          '--port',
          '443',
          '--certificates',
          `CertificateArn=${certificate}`,
          '--default-actions',
          `Type=forward,ForwardConfig={TargetGroups=[{TargetGroupArn=${web},Weight=90},{TargetGroupArn=${next},Weight=10}]}`,
        ),
      ]);
      await Promise.all([
        aws('add-tags', '--resource-arns', edge, web, '--tags', 'Key=team,Value=edge'),
        aws(
          'modify-target-group-attributes',
          '--target-group-arn',
          web,
          '--attributes',
          'Key=proxy_protocol_v2.enabled,Value=true',
        ),
      ]);
      await aws('modify-target-group', '--target-group-arn', web, '--health-check-protocol', 'HTTP');

      const [balancers, groups, listeners, health, attributes, tags, wrong, missing] = await Promise.all([
        aws('describe-load-balancers', '--names', 'edge'),
        aws('describe-target-groups', '--load-balancer-arn', edge),
        aws('describe-listeners', '--load-balancer-arn', edge),
        aws('describe-target-health', '--target-group-arn', web),
        aws('describe-target-group-attributes', '--target-group-arn', web),
        aws('describe-tags', '--resource-arns', edge, web),
        aws(
          'modify-target-group-attributes',
          '--target-group-arn',
          web,
          '--attributes',
          'Key=proxy_protocol_v2.enabled,Value=yes',
        ),
        aws('describe-load-balancers', '--names', 'none'),
      ]);
      expect(balancers).toMatchObject({ LoadBalancers: [{ LoadBalancerArn: edge, Type: 'network' }] });
      expect(groups).toMatchObject({
        TargetGroups: [
          { TargetGroupArn: next, LoadBalancerArns: [edge] },
          { TargetGroupArn: web, HealthCheckProtocol: 'HTTP', Matcher: { HttpCode: '200-399' } },
        ],
      });
      expect(listeners).toMatchObject({
        Listeners: [
          {
            Protocol: 'TLS',
            Certificates: [{ CertificateArn: certificate }],
            DefaultActions: [
              {
                Type: 'forward',
                ForwardConfig: {
                  TargetGroups: [
                    { TargetGroupArn: web, Weight: 90 },
                    { TargetGroupArn: next, Weight: 10 },
                  ],
                },
              },
            ],
          },
        ],
      });
      expect(health).toMatchObject({
        TargetHealthDescriptions: [
          { Target: { Id: 'i-12345678', Port: 8443 }, TargetHealth: { State: 'healthy' } },
          { Target: { Id: 'i-12345678', Port: 9000 }, HealthCheckPort: '9000' },
        ],
      });
      expect((attributes as { Attributes: unknown }).Attributes).toContainEqual({
        Key: 'proxy_protocol_v2.enabled',
        Value: 'true',
      });
      const Tags = [{ Key: 'team', Value: 'edge' }];
      expect(tags).toEqual({
        TagDescriptions: [
          { ResourceArn: edge, Tags },
          { ResourceArn: web, Tags },
        ],
      });
      expect(wrong).toBe(
        "An error occurred (InvalidConfigurationRequest) when calling the ModifyTargetGroupAttributes operation: The value 'yes' is not valid for the attribute 'proxy_protocol_v2.enabled': it must be one of 'true, false'",
      );
      expect(missing).toBe(
        'An error occurred (LoadBalancerNotFound) when calling the DescribeLoadBalancers operation: One or more load balancers not found',
      );
      await aws('delete-load-balancer', '--load-balancer-arn', edge);
      await aws('delete-target-group', '--target-group-arn', web);
      expect(await aws('describe-target-groups', '--names', 'next')).toMatchObject({
        TargetGroups: [{ LoadBalancerArns: [] }],
      });
    });
  },
);
