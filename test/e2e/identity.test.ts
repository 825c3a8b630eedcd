import { createHash } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { elbProxy, temporaryDirectory } from '../helpers/elb-proxy.js';
import { startService } from '../helpers/service.js';
import { onTerminal } from '../helpers/terminal.js';
import { type IdentityStub, startIdentityStub } from '../peers/identity-stub.js';
import { findPeer } from '../peers/peer.js';

const tmux = findPeer('tmux', 'apt-get install tmux');

let stub: IdentityStub;
let home: string;

beforeEach(async () => {
  stub = await startIdentityStub();
  home = await temporaryDirectory();
});
afterEach(() => stub.close());

async function files(contents: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(contents)) {
    await mkdir(dirname(join(home, name)), { recursive: true });
    await writeFile(join(home, name), content);
  }
}

const environment = () => ({
  HOME: home,
  AWS_REGION: undefined,
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_ENDPOINT_URL: stub.http,
  AWS_MAX_ATTEMPTS: '1',
});

const status = (
  args: readonly string[] = [],
  env: Readonly<Record<string, string | undefined>> = {},
  input?: string,
) =>
  elbProxy(['status', '--kind', 'classic', ...args], {
    cwd: home,
    env: { ...environment(), ...env },
    ...(input === undefined ? {} : { input }),
  });

const serial = 'arn:aws:iam::123456789012:mfa/alice';
const keys = 'aws_access_key_id = AKIABASE\naws_secret_access_key = KEYSECRET\n';
const base = `[default]\nregion = us-east-1\n${keys}`;
const role = 'role_arn = arn:aws:iam::123456789012:role/app\n';
const withMfa = `${base}[profile m]\nregion = us-east-1\n${role}source_profile = default\nmfa_serial = ${serial}\n`;
const session = '[sso-session corp]\nsso_start_url = https://corp.example/start\nsso_region = us-east-1\n';
const sso = `[profile login]\nregion = us-east-1\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Ops\n${session}`;
const token = (expiresAt: string, accessToken = 'good') => ({
  [`.aws/sso/cache/${createHash('sha1').update('corp').digest('hex')}.json`]: JSON.stringify({
    accessToken,
    expiresAt,
  }),
});

describe('a role with an MFA device', () => {
  describe.skipIf(tmux === undefined)('on a terminal', () => {
    const start = (...argv: readonly string[]) =>
      onTerminal(tmux ?? '', argv, { endpoint: stub.http, env: environment() });

    it('asks for the code once a run, for all of its clients, and keeps the session nowhere', async () => {
      await files({ '.aws/config': withMfa });
      await using terminal = await start('enable', 'web', '--port', '80', '--dry-run', '--profile', 'm');
      await terminal.shows(`MFA code of ${serial}`);
      await terminal.answer('123456');
      const { sane } = await terminal.end();
      expect(sane).toBe(true);
      const assumed = stub.calls.filter(({ action }) => action === 'AssumeRole');
      expect(assumed).toMatchObject([{ key: 'AKIABASE', code: '123456' }]);
      expect(new Set(stub.calls.map(({ action, key }) => `${action} ${key}`))).toEqual(
        new Set([
          'AssumeRole AKIABASE',
          'DescribeLoadBalancers ASIAROLEAPP',
          'GetCallerIdentity ASIAROLEAPP',
        ]),
      );
      expect(await readdir(join(home, '.aws'))).toEqual(['config']);
    });

    it('names the device if the code is refused, and does not ask twice', async () => {
      await files({ '.aws/config': withMfa });
      await using terminal = await start('status', '--kind', 'classic', '--profile', 'm');
      await terminal.shows(`MFA code of ${serial}`);
      await terminal.answer('654321');
      const { code, screen } = await terminal.end();
      expect(code).toBe(1);
      expect(screen.replaceAll(/\s+/g, ' ')).toContain(`check the code and the device ${serial}`);
      expect(stub.calls.map(({ action }) => action)).toEqual(['AssumeRole']);
    });

    it('sends nothing where no code is given', async () => {
      await files({ '.aws/config': withMfa });
      await using terminal = await start('status', '--kind', 'classic', '--profile', 'm');
      await terminal.shows(`MFA code of ${serial}`);
      await terminal.press('C-c');
      const { code, sane } = await terminal.end();
      expect(code).not.toBe(0);
      expect(sane).toBe(true);
      expect(stub.calls).toEqual([]);
    });
  });

  it('is an error without a terminal, which says how to get a session', async () => {
    await files({ '.aws/config': withMfa });
    const { code, stderr } = await status(['--profile', 'm']);
    expect(code).toBe(1);
    const said = stderr.replaceAll(/ ?\\?\s+/g, ' ');
    expect(said).toContain(`mfa_serial of profile m, ${home}/.aws/config:9`);
    expect(said).toContain(
      `aws sts get-session-token --profile default --serial-number ${serial} --token-code CODE`,
    );
    expect(stub.calls).toEqual([]);
  });
});

describe('a failing source', () => {
  // What each says: the source with its place, and the next command.
  it.each([
    {
      what: 'a process with a secret on its command line',
      config:
        '[default]\nregion = us-east-1\ncredential_process = sh -c "echo HUSH >&2; exit 3" --token=HUSH\n',
      message:
        'the credential_process of profile default (@HOME@/.aws/config:3) gave no keys: it ended with exit code 3',
      hint: 'run its command line by hand to see what it says; the AWS CLI would stop here, too',
    },
    {
      what: 'a process that prints half a key pair',
      config: `[default]\nregion = us-east-1\ncredential_process = echo '{"Version": 1, "SecretAccessKey": "HUSH"}'\n`,
      message: 'its answer has no AccessKeyId',
      hint: 'by hand',
    },
    {
      what: 'a process that prints no JSON',
      config: '[default]\nregion = us-east-1\ncredential_process = echo HUSH\n',
      message: 'what it printed is not JSON',
      hint: 'by hand',
    },
    {
      what: 'an SSO login under a role',
      config: `[profile app]\nregion = us-east-1\n${role}source_profile = login\n${sso}`,
      args: ['--profile', 'app'],
      files: token('2020-01-01T00:00:00Z', 'HUSH'),
      message: 'the SSO login of profile login has expired at 2020-01-01',
      hint: 'log in with: aws sso login --profile login',
    },
    {
      what: 'an SSO login that the portal does not know',
      config: sso,
      args: ['--profile', 'login'],
      files: token('2099-01-01T00:00:00Z', 'HUSH'),
      message: 'the SSO portal gave profile login no keys for role Ops in account 111122223333',
      hint: 'log in again with: aws sso login --profile login',
    },
    {
      what: 'an SSO session that is not there',
      config: sso.replace('[sso-session corp]', '[sso-session other]'),
      args: ['--profile', 'login'],
      message:
        'there is no [sso-session corp] in @HOME@/.aws/config (named by sso_session of profile login, @HOME@/.aws/config:3)',
      hint: 'aws configure sso-session',
    },
    {
      what: 'a profile that is not there',
      config: base,
      args: ['--profile', 'constructor'],
      message:
        'there is no profile named "constructor" (from --profile) in @HOME@/.aws/config or @HOME@/.aws/credentials',
      hint: 'aws configure list-profiles',
    },
    {
      what: 'a profile without keys, which the user has chosen',
      config: `${base}[profile bare]\nregion = us-east-1\n`,
      args: ['--profile', 'bare'],
      message: 'in profile bare (from --profile)',
      hint: 'run aws configure --profile bare',
    },
    {
      what: 'half a key pair in the environment',
      config: base,
      env: { AWS_SECRET_ACCESS_KEY: 'HUSH' },
      message: 'AWS_SECRET_ACCESS_KEY is set, AWS_ACCESS_KEY_ID is not set',
      hint: 'set AWS_ACCESS_KEY_ID as well, or unset AWS_SECRET_ACCESS_KEY',
    },
    {
      what: 'id and secret in different files',
      config: '[default]\nregion = us-east-1\naws_secret_access_key = HUSH\n',
      files: { '.aws/credentials': '[default]\naws_access_key_id = AKIAX\n' },
      message:
        'half a key pair is in a shared file: aws_access_key_id of profile default, @HOME@/.aws/credentials:2, has no aws_secret_access_key beside it',
      hint: 'same section of the same file',
    },
    {
      what: 'a header that is not one',
      config: `${base}[profile p2 = HUSH\n`,
      message: '@HOME@/.aws/config, line 5, begins with "[" and is not a section header',
      hint: 'write it as [profile NAME] or [default]',
    },
    {
      what: 'a role whose source profile is not there',
      config: `[profile app]\nregion = us-east-1\n${role}source_profile = gone\n`,
      args: ['--profile', 'app'],
      message:
        'there is no profile gone to assume a role with (source_profile of profile app, @HOME@/.aws/config:4)',
      hint: 'aws configure list-profiles',
    },
    {
      what: 'a role that STS denies',
      config: `${base}[profile app]\nregion = us-east-1\n${role.replace('/app', '/denied')}source_profile = default\n`,
      args: ['--profile', 'app'],
      message:
        'role arn:aws:iam::123456789012:role/denied (from role_arn of profile app, @HOME@/.aws/config:7) could not be assumed with aws_access_key_id of profile default, @HOME@/.aws/config:3: not allowed (AccessDenied)',
      hint: "check the role's trust policy",
    },
    {
      what: 'a web identity token that is not there',
      config: base,
      env: {
        AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/web',
        AWS_WEB_IDENTITY_TOKEN_FILE: '/nonexistent/token',
      },
      message: 'the web identity token /nonexistent/token (from AWS_WEB_IDENTITY_TOKEN_FILE) can’t be read',
      hint: 'the AWS CLI would stop here, too',
    },
    {
      what: 'a container that answers with an error',
      config: '[default]\nregion = us-east-1\n',
      env: {
        AWS_CONTAINER_CREDENTIALS_FULL_URI: '@STUB@/creds/auth',
        AWS_CONTAINER_AUTHORIZATION_TOKEN: 'HUSH',
      },
      message:
        'the container’s credentials (from AWS_CONTAINER_CREDENTIALS_FULL_URI) could not be obtained: it answered HTTP 403',
      hint: 'check AWS_CONTAINER_CREDENTIALS_FULL_URI, or unset it; the AWS CLI would stop here, too',
    },
    {
      what: 'keys that have expired',
      config: base,
      env: {
        AWS_ACCESS_KEY_ID: 'AKIAX',
        AWS_SECRET_ACCESS_KEY: 'HUSH',
        AWS_SESSION_TOKEN: 'HUSH',
        AWS_CREDENTIAL_EXPIRATION: '2020-01-01T00:00:00Z',
      },
      message:
        'the key pair in the environment has expired: AWS_CREDENTIAL_EXPIRATION is 2020-01-01T00:00:00Z',
      hint: 'get new keys',
    },
  ])(
    'names itself and the way out, and shows no secret: $what',
    async ({ config, args = [], env = {}, files: more = {}, message, hint }) => {
      await files({ '.aws/config': config, ...more });
      const fill = (text: string) => text.replaceAll('@HOME@', home).replaceAll('@STUB@', stub.http);
      const filled = Object.fromEntries(
        Object.entries(env).map(([name, value]) => [name, fill(value ?? '')]),
      );
      const asJson = await status([...args, '-o', 'json', '--debug'], filled);
      const asText = await status(args, filled);
      expect([asJson.code, asText.code]).toEqual([1, 1]);
      const { error } = asJson.json();
      expect(['no-credentials', 'no-profile', 'invalid-setting']).toContain(error.code);
      const plain = (text: string) => fill(text).replaceAll('’', "'");
      expect(plain(error.message)).toContain(plain(message));
      expect(plain(error.hint)).toContain(plain(hint));
      for (const { stdout, stderr } of [asJson, asText])
        expect(stdout + stderr).not.toMatch(/HUSH|KEYSECRET|\bgood\b/);
      expect(stub.calls.map(({ action }) => action)).not.toContain('DescribeLoadBalancers');
    },
  );

  it('does not ask who gave a profile to set AWS_PROFILE', async () => {
    await files({ '.aws/config': `${base}[profile bare]\nregion = us-east-1\n` });
    const { stderr } = await status(['--profile', 'bare']);
    expect(stderr).not.toContain('AWS_PROFILE');
  });
});

describe('--debug', () => {
  it('says where key, region and endpoints come from, with file and line', async () => {
    await files({
      '.aws/config': `${base}[profile app]\nregion = us-west-2\n${role}source_profile = default\nservices = mine\n[services mine]\nsts =\n  endpoint_url = ${stub.http}\nelastic_load_balancing =\n  endpoint_url = ${stub.http}\n`,
    });
    const { code, stderr } = await status(['--profile', 'app', '--debug'], { AWS_ENDPOINT_URL: undefined });
    expect(code).toBe(0);
    const config = `${home}/.aws/config`;
    const section = 'services section "mine" of profile app';
    const said = stderr.split('\n');
    expect(said).toContain(`debug: region us-west-2 from region of profile app, ${config}:6`);
    expect(said).toContain(
      `debug: endpoint of elastic_load_balancing ${stub.http} from ${section}, ${config}:13`,
    );
    expect(said).toContain(`debug: endpoint of sts ${stub.http} from ${section}, ${config}:11`);
    expect(said).toContain(
      `debug: keys from role arn:aws:iam::123456789012:role/app (role_arn of profile app, ${config}:7) by aws_access_key_id of profile default, ${config}:3`,
    );
    expect(stderr).not.toMatch(/KEYSECRET|t-ASIA/);
  });
});

describe('a custom endpoint', () => {
  const withKeys = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' };

  it('is named in the text of status and policies, and not among the lines of a pipe', async () => {
    const at = await startService();
    const env = { ...withKeys, AWS_ENDPOINT_URL: at.endpoint };
    const run = (...argv: string[]) => elbProxy(argv, { env });
    const named = `endpoint ${at.endpoint}\n\n`;
    expect((await run('status', 'web')).stdout.startsWith(named)).toBe(true);
    expect((await run('policies', 'web')).stdout.startsWith(named)).toBe(true);
    const lines = await run('status');
    expect(lines.stdout + lines.stderr).not.toContain('endpoint');
    for (const output of ['json', 'markdown'])
      expect((await run('status', 'web', '-o', output)).stdout).not.toMatch(/^endpoint/);
    await at[Symbol.asyncDispose]();
  });
});

it('a credential_process may read what is typed', async () => {
  await files({
    '.aws/config': `[default]\nregion = us-east-1\ncredential_process = sh -c 'read -r code; test "$code" = 123456 && cat keys.json'\n`,
    'keys.json': JSON.stringify({ Version: 1, AccessKeyId: 'AKIAPROCESS', SecretAccessKey: 'x' }),
  });
  expect((await status([], {}, '123456\n')).code).toBe(0);
  expect(stub.calls).toMatchObject([{ key: 'AKIAPROCESS' }]);
});
