import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { AwsCall } from '../../src/aws/calls.js';
import { openRegions } from '../../src/aws/open-elastic-load-balancing.js';
import { apiServer, failure, loadBalancersXml, success } from './api-server.js';
import { bareEnv, namesOf, opened, rejection } from './opened.js';

beforeEach(() => {
  for (const name of ['AWS_PROFILE', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'])
    vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

async function files(config: string, credentials = '') {
  const folder = await mkdtemp(join(tmpdir(), 'elb-proxy-aws-'));
  const env = {
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
  };
  await writeFile(env.AWS_CONFIG_FILE, config);
  await writeFile(env.AWS_SHARED_CREDENTIALS_FILE, credentials);
  return { env, folder };
}

const list = () => success('DescribeLoadBalancers', loadBalancersXml('web'));

describe('without credentials', () => {
  test('the first call ends in one clear error, at once, and nothing is sent', async () => {
    const { url, received } = await apiServer(list);
    const calls: AwsCall[] = [];
    const elb = await opened(url, { onCall: (call) => calls.push(call) });
    const started = performance.now();
    const error = await rejection(elb.deleteLoadBalancerPolicy('web', 'p'));
    expect(performance.now() - started).toBeLessThan(5000);
    expect(error).toMatchObject({ code: 'no-credentials', fault: 'user' });
    expect(error.message).toBe(
      'no AWS credentials were found in the environment or the default profile, and no container or instance role answered',
    );
    expect(error.hint).toContain('aws configure');
    expect(elb.effectOf(error)).toBe('no');
    expect(received).toEqual([]);
    expect(calls).toEqual([]);
  });

  test('an instance metadata address that is a black hole costs little more than two seconds', async () => {
    const hole = createServer(() => undefined);
    await new Promise<void>((resolve) => {
      hole.listen(0, '127.0.0.1', resolve);
    });
    onTestFinished(() => {
      hole.close();
      hole.closeAllConnections();
    });
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', undefined);
    vi.stubEnv(
      'AWS_EC2_METADATA_SERVICE_ENDPOINT',
      `http://127.0.0.1:${(hole.address() as AddressInfo).port}`,
    );
    const started = performance.now();
    expect(await rejection(namesOf(await opened('http://127.0.0.1:9')))).toMatchObject({
      code: 'no-credentials',
    });
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('the error says when AWS_ACCESS_KEY_ID is passed over because a profile is named', async () => {
    const { env } = await files('[profile bare]\nregion = us-east-1\n');
    const error = await rejection(
      namesOf(
        await opened('http://127.0.0.1:9', { profile: 'bare', env: { ...env, AWS_ACCESS_KEY_ID: 'AKID' } }),
      ),
    );
    expect(error.code).toBe('no-credentials');
    expect(error.message).toContain('profile bare (from --profile)');
    expect(error.hint).toContain('--profile names a profile');
  });

  test('an SSO profile whose login has lapsed gets the command to log in', async () => {
    const { env } = await files(
      '[profile sso]\nregion = us-east-1\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = r\n[sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://corp.example/start\n',
    );
    const error = await rejection(namesOf(await opened('http://127.0.0.1:9', { profile: 'sso', env })));
    expect(error.code).toBe('no-credentials');
    expect(error.hint).toBe('log in with: aws sso login --profile sso');
  });
});

describe('a role', () => {
  const profile =
    '[profile role]\nregion = us-east-1\nrole_arn = arn:aws:iam::123456789012:role/ops\nsource_profile = base\n[profile base]\naws_access_key_id = AKIDBASE\naws_secret_access_key = x\n';

  test('that STS denies is a matter of credentials, not of a missing load balancing permission', async () => {
    const denied = 'User is not authorized to perform: sts:AssumeRole';
    const sts = await apiServer(() => failure(403, 'AccessDenied', denied));
    const { url, received } = await apiServer(list);
    const { env: inFiles } = await files(profile);
    const env = { ...inFiles, AWS_ENDPOINT_URL_STS: sts.url };
    const elb = await opened(url, { profile: 'role', env });
    const error = await rejection(elb.deleteLoadBalancerPolicy('web', 'p'));
    expect(error).toMatchObject({ code: 'no-credentials', fault: 'user' });
    expect(error.message).toContain('role_arn of profile role');
    expect(error.message).toContain('sts:AssumeRole');
    expect(elb.effectOf(error)).toBe('no');
    expect(sts.received.map(({ action }) => action)).toEqual(['AssumeRole']);
    expect(received).toEqual([]);
  });

  test('is assumed at STS’s own endpoint, and its keys sign the calls', async () => {
    const keys =
      '<Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>x</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>';
    const sts = await apiServer(() => success('AssumeRole', keys));
    const { url, received } = await apiServer(list);
    const { env: inFiles } = await files(profile);
    const env = { ...inFiles, AWS_ENDPOINT_URL_STS: sts.url };
    expect(await namesOf(await opened(url, { profile: 'role', env }))).toEqual(['web']);
    expect(received[0]?.headers.authorization).toContain('Credential=ASIAROLE/');
  });

  test('a role or a process that fails is an error that does not show its command line, and no instance’s role is taken instead', async () => {
    const instance = await apiServer(() => ({ body: 'never asked' }));
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', undefined);
    vi.stubEnv('AWS_EC2_METADATA_SERVICE_ENDPOINT', instance.url);
    const { env } = await files(
      '[profile p]\nregion = us-east-1\ncredential_process = /nonexistent/vault-login\n',
    );
    const error = await rejection(namesOf(await opened('http://127.0.0.1:9', { profile: 'p', env })));
    expect(error.code).toBe('no-credentials');
    expect(error.message).toContain('its program was not found');
    expect(error.message).not.toContain('vault-login');
    expect(instance.received).toEqual([]);
  });
});

describe('with --profile', () => {
  test('region, endpoint and credentials are that profile’s, whatever the environment’s keys and AWS_PROFILE say', async () => {
    const { url, received } = await apiServer(list);
    const { env } = await files(
      `[default]\nendpoint_url = http://127.0.0.1:9\n[profile p]\nregion = eu-west-3\nservices = s\n[services s]\nelastic_load_balancing =\n  endpoint_url = ${url}\n[profile other]\nregion = us-west-1\nendpoint_url = http://127.0.0.1:9\n`,
      '[p]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = x\n',
    );
    const warn = vi.spyOn(console, 'warn');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDENVIRONMENT');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'y');
    const elb = await opened(undefined, {
      region: undefined,
      profile: 'p',
      env: { ...env, AWS_PROFILE: 'other' },
    });
    expect(await namesOf(elb)).toEqual(['web']);
    expect(elb).toMatchObject({ region: 'eu-west-3', endpoint: url });
    expect(received[0]?.headers.authorization).toMatch(
      /Credential=AKIDPROFILE\/\d+\/eu-west-3\/elasticloadbalancing\//,
    );
    expect(warn).not.toHaveBeenCalled();
  });

  test('a profile without an endpoint is not given the default profile’s, nor AWS_PROFILE’s', async () => {
    const { url, received } = await apiServer(list);
    const { env } = await files(
      `[default]\nendpoint_url = ${url}\n[profile p]\nregion = eu-west-3\n`,
      '[p]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = x\n',
    );
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const elb = await opened(undefined, { region: 'us-nowhere-1', profile: 'p', env });
    const error = await rejection(elb.deleteLoadBalancerPolicy('web', 'p'));
    expect(elb.endpoint).toBeUndefined();
    expect(received).toEqual([]);
    expect(error.message).toContain(
      "the service's endpoint of us-nowhere-1 (elasticloadbalancing.us-nowhere-1.amazonaws.com)",
    );
    expect(error.hint).toContain("us-nowhere-1 is the region's name");
  });

  test('a read and a write use one look-up of the credentials, and so do several regions', async () => {
    const { url } = await apiServer(({ action }) =>
      action === 'DescribeLoadBalancers' ? list() : success(action),
    );
    const { env, folder } = await files('');
    const script = join(folder, 'keys.cjs');
    await writeFile(
      script,
      `require('node:fs').appendFileSync(${JSON.stringify(join(folder, 'count'))}, 'x');
console.log(JSON.stringify({ Version: 1, AccessKeyId: 'AKIDPROCESS', SecretAccessKey: 'x' }));`,
    );
    await writeFile(env.AWS_CONFIG_FILE, `[profile p]\ncredential_process = ${process.execPath} ${script}\n`);
    const regions = await openRegions({ profile: 'p', endpointUrl: url, env }, ['us-east-1', 'eu-west-1']);
    for (const elb of regions) {
      await namesOf(elb);
      await elb.deleteLoadBalancerPolicy('web', 'p');
    }
    expect(regions.map(({ region }) => region)).toEqual(['us-east-1', 'eu-west-1']);
    const { readFile } = await import('node:fs/promises');
    expect(await readFile(join(folder, 'count'), 'utf8')).toBe('x');
  });
});

test('opening needs neither network nor credentials', async () => {
  expect((await opened(undefined, { env: bareEnv })).region).toBe('us-east-1');
});
