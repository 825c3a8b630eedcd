import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ConnectionOptions } from '../../src/aws/identity/identity.js';
import { openIdentity } from '../../src/aws/identity/identity.js';
import { settingsOf } from '../../src/aws/settings.js';
import { bareEnv, rejection } from './opened.js';

const configFile = `
[default]
region = eu-north-1
endpoint_url = http://default.example
[profile plain]
region = eu-west-1
endpoint_url = http://plain.example
retry_mode = standard
max_attempts = 4
[profile sectioned]
region = eu-west-2
endpoint_url = http://not-this.example
services = local
[profile pointing-nowhere]
region = eu-west-2
services = missing
[profile ignoring]
region = eu-west-2
endpoint_url = http://ignored.example
ignore_configured_endpoint_urls = true
[profile regionless]
output = json
[services local]
elastic_load_balancing =
  endpoint_url = http://127.0.0.1:4580
ec2 =
  endpoint_url = http://127.0.0.1:4581
`;
const credentialsFile = `
[only-credentials]
aws_access_key_id = AKIDONLY
aws_secret_access_key = x
region = ap-south-1
`;

async function readSettings(options: ConnectionOptions) {
  return settingsOf(await openIdentity(options));
}

/** Settings read from the files above; a folder of its own each time, because the SDK remembers a file by its path. */
async function settings(options: Partial<ConnectionOptions> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'elb-proxy-aws-'));
  const files = {
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
  };
  await writeFile(files.AWS_CONFIG_FILE, configFile);
  await writeFile(files.AWS_SHARED_CREDENTIALS_FILE, credentialsFile);
  return readSettings({ ...options, env: { ...files, ...options.env } });
}

async function endpoint(options: Partial<ConnectionOptions>) {
  return (await settings(options)).endpoint;
}

describe('the region', () => {
  test('comes from --region, then AWS_REGION, then AWS_DEFAULT_REGION, then the profile', async () => {
    const both = { AWS_REGION: 'us-west-1', AWS_DEFAULT_REGION: 'us-west-2' };
    expect((await settings({ region: 'us-east-2', env: both })).region).toBe('us-east-2');
    expect((await settings({ env: both })).region).toBe('us-west-1');
    expect((await settings({ env: { ...both, AWS_REGION: '' } })).region).toBe('us-west-2');
    expect((await settings({ profile: 'plain' })).region).toBe('eu-west-1');
    expect((await settings({ profile: 'only-credentials' })).region).toBe('ap-south-1');
    expect((await settings()).region).toBe('eu-north-1');
  });

  test('is taken from AWS_DEFAULT_REGION alone, with no files at all', async () => {
    expect((await readSettings({ env: { ...bareEnv, AWS_DEFAULT_REGION: 'sa-east-1' } })).region).toBe(
      'sa-east-1',
    );
  });

  test('that is set nowhere is one clear error', async () => {
    const error = await rejection(settings({ profile: 'regionless' }));
    expect(error).toMatchObject({ code: 'no-region', fault: 'user' });
    expect(error.hint).toContain('--region');
  });

  test.each(['us east 1', 'us_east_1', '-x', 'us-east-1.evil.example', 'us-east-1\u0007'])(
    'cannot be %j, and the error says where that came from',
    async (region) => {
      const error = await rejection(settings({ env: { AWS_REGION: region } }));
      expect(error.code).toBe('invalid-setting');
      expect(error.message).toContain('(from AWS_REGION) is not the name of a region');
    },
  );
});

describe('the endpoint', () => {
  const service = { AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING: 'http://service.example' };
  const all = { AWS_ENDPOINT_URL: 'http://all.example' };

  test('comes from the flag, the service’s variable, the general one, the services section, the profile, in this order', async () => {
    expect(
      await endpoint({
        profile: 'sectioned',
        endpointUrl: 'https://flag.example',
        env: { ...service, ...all },
      }),
    ).toEqual({
      url: 'https://flag.example',
      source: '--endpoint-url',
    });
    expect(await endpoint({ profile: 'sectioned', env: { ...all, ...service } })).toEqual({
      url: 'http://service.example',
      source: 'AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING',
    });
    expect(await endpoint({ profile: 'sectioned', env: all })).toEqual({
      url: 'http://all.example',
      source: 'AWS_ENDPOINT_URL',
    });
    expect(await endpoint({ profile: 'sectioned' })).toEqual({
      url: 'http://127.0.0.1:4580',
      source: expect.stringMatching(/^services section "local" of profile sectioned, .*config:\d+$/),
    });
    expect(await endpoint({ profile: 'plain' })).toEqual({
      url: 'http://plain.example',
      source: expect.stringMatching(/^endpoint_url of profile plain, .*config:\d+$/),
    });
    expect(await endpoint({ profile: 'only-credentials' })).toBeUndefined();
  });

  test('is the same for --profile as for AWS_PROFILE, and --profile wins over AWS_PROFILE', async () => {
    const byFlag = await settings({ profile: 'sectioned' });
    const byVariable = await settings({ env: { AWS_PROFILE: 'sectioned' } });
    expect(byVariable.endpoint?.url).toBe(byFlag.endpoint?.url);
    expect(byVariable.region).toBe(byFlag.region);
    const both = await settings({ profile: 'plain', env: { AWS_PROFILE: 'sectioned' } });
    expect(both.endpoint?.url).toBe('http://plain.example');
  });

  test('is ignored where the user says so, but for the flag', async () => {
    const env = { ...service, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' };
    expect((await settings({ profile: 'plain', env })).endpoint).toBeUndefined();
    expect((await settings({ profile: 'ignoring' })).endpoint).toBeUndefined();
    expect((await settings({ endpointUrl: 'http://flag.example', env })).endpoint?.url).toBe(
      'http://flag.example',
    );
  });

  test.each(['127.0.0.1:4580', 'ftp://x.example', 'localhost', '', 'http://', 'http://a b/'])(
    'cannot be %j, and the error says where that came from',
    async (endpointUrl) => {
      const error = await rejection(settings({ endpointUrl }));
      expect(error).toMatchObject({ code: 'invalid-endpoint', fault: 'user' });
      expect(error.message).toContain('--endpoint-url');
    },
  );

  test('the endpoint with a password in it is refused without printing it', async () => {
    const error = await rejection(settings({ env: { AWS_ENDPOINT_URL: 'http://me:hunter2@x.example' } }));
    expect(error.code).toBe('invalid-endpoint');
    expect(`${error.message} ${error.hint}`).not.toContain('hunter2');
  });

  test('the endpoint in a services section that does not exist is an error, not AWS’s own endpoint', async () => {
    const error = await rejection(settings({ profile: 'pointing-nowhere' }));
    expect(error.code).toBe('invalid-setting');
    expect(error.message).toContain('services section "missing"');
  });
});

describe('a profile', () => {
  test.each([
    ['--profile', { profile: 'nope' }],
    ['AWS_PROFILE', { env: { AWS_PROFILE: 'nope' } }],
  ])('that does not exist is an error that names the files searched (from %s)', async (source, options) => {
    const error = await rejection(settings({ region: 'us-east-1', ...options }));
    expect(error).toMatchObject({ code: 'no-profile', fault: 'user' });
    expect(error.message).toMatch(
      new RegExp(`named "nope" \\(from ${source}\\) in .*/config or .*/credentials`),
    );
  });

  test('must have a name', async () => {
    expect(await rejection(settings({ profile: '' }))).toMatchObject({ code: 'usage' });
  });
});

describe('retries', () => {
  test('are adaptive and six attempts unless the user says otherwise', async () => {
    expect(await settings()).toMatchObject({
      retryMode: 'adaptive',
      maxAttempts: 6,
      maxAttemptsChosen: false,
    });
    expect(await settings({ profile: 'plain' })).toMatchObject({
      retryMode: 'standard',
      maxAttempts: 4,
      maxAttemptsChosen: true,
    });
    const env = { AWS_RETRY_MODE: 'adaptive', AWS_MAX_ATTEMPTS: '9' };
    expect(await settings({ profile: 'plain', env })).toMatchObject({
      retryMode: 'adaptive',
      maxAttempts: 9,
    });
    expect(await settings({ env: { AWS_RETRY_MODE: 'legacy' } })).toMatchObject({
      retryMode: 'standard',
      maxAttempts: 6,
    });
  });

  test('take a number with blanks around it, as the AWS CLI does', async () => {
    expect(await settings({ env: { AWS_MAX_ATTEMPTS: ' 3 ' } })).toMatchObject({ maxAttempts: 3 });
  });

  test.each([
    [{ AWS_RETRY_MODE: 'fast' }, '"fast" (from AWS_RETRY_MODE) is not a retry mode'],
    [{ AWS_RETRY_MODE: 'STANDARD' }, '"STANDARD" (from AWS_RETRY_MODE) is not a retry mode'],
    [{ AWS_RETRY_MODE: '' }, '"" (from AWS_RETRY_MODE) is not a retry mode'],
    [{ AWS_MAX_ATTEMPTS: 'many' }, '"many" (from AWS_MAX_ATTEMPTS) is not a number of attempts'],
    [{ AWS_MAX_ATTEMPTS: '' }, '"" (from AWS_MAX_ATTEMPTS) is not a number of attempts'],
    [{ AWS_MAX_ATTEMPTS: '0' }, '"0" (from AWS_MAX_ATTEMPTS) is not a number of attempts'],
  ])('cannot be %j', async (env, message) => {
    expect(await rejection(settings({ env }))).toMatchObject({ code: 'invalid-setting', message });
  });
});

describe('what the AWS CLI checks in every run', () => {
  test.each([
    ['AWS_ACCOUNT_ID_ENDPOINT_MODE', 'REQUIRED'],
    ['AWS_DEFAULTS_MODE', 'Standard'],
    ['AWS_REQUEST_CHECKSUM_CALCULATION', 'when_required'],
    ['AWS_RESPONSE_CHECKSUM_VALIDATION', 'WHEN_SUPPORTED'],
    ['AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES', '10240'],
    ['AWS_STS_REGIONAL_ENDPOINTS', 'legacy'],
    ['AWS_METADATA_SERVICE_TIMEOUT', '2'],
    ['AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE', 'ipv6'],
  ])('is checked here, too: %s may be %s, and not nonsense', async (name, value) => {
    expect(await settings({ env: { [name]: value } })).toMatchObject({ region: 'eu-north-1' });
    expect(await rejection(settings({ env: { [name]: 'nonsense' } }))).toMatchObject({
      code: 'invalid-setting',
      message: expect.stringContaining(`"nonsense" (from ${name})`),
    });
  });
});
