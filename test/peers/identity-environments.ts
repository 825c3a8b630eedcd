import { createHash } from 'node:crypto';

/**
 * An environment that both tools are run in. `@HTTP@`, `@HTTPS@`, `@PROXY@` are the stub's addresses, `@HOME@` the home
 * directory, which is the working directory, too.
 */
export interface ComparedRun {
  readonly config?: string;
  readonly credentials?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** For both tools. */
  readonly args?: readonly string[];
  /** What the AWS CLI is given instead, where its versions differ and one of them can't do this: Debian has 2.9, pip 1.45. */
  readonly cli?: {
    readonly args?: readonly string[];
    readonly env?: Readonly<Record<string, string | undefined>>;
    readonly why: string;
  };
  /** What is expected of this tool instead, where no version that CI has can do this. */
  readonly calls?: { readonly are: readonly string[]; readonly why: string };
  /** Where the two differ on purpose, or the AWS CLI has a fault: we refuse with this code, whatever it does. */
  readonly refused?: { readonly code: string; readonly why: string };
}

const keys = (name: string) => `aws_access_key_id = AKIA${name}\naws_secret_access_key = SECRETVALUE\n`;
const pair = (name: string) => ({ AWS_ACCESS_KEY_ID: `AKIA${name}`, AWS_SECRET_ACCESS_KEY: 'SECRETVALUE' });
const region = '[default]\nregion = us-east-1\n';
const base = region + keys('DEFAULT');
const staging = `[profile staging]\nregion = us-west-2\n${keys('STAGING')}`;
const arn = 'role_arn = arn:aws:iam::123456789012:role/app\n';
const app = `[profile app]\nregion = us-west-2\n${arn}`;
const asApp = ['--profile', 'app'];
const asStaging = ['--profile', 'staging'];
const web = {
  AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/web',
  AWS_WEB_IDENTITY_TOKEN_FILE: '@HOME@/token',
};
const token = { token: 'jwt-token' };
const sso =
  '[profile s]\nregion = us-east-1\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Ops\n';
const session =
  '[sso-session corp]\nsso_start_url = https://example.awsapps.com/start\nsso_region = us-east-1\n';
const asSso = ['--profile', 's'];
const login = (of: string, expiresAt = '2099-01-01T00:00:00Z') => ({
  [`.aws/sso/cache/${createHash('sha1').update(of).digest('hex')}.json`]: JSON.stringify({
    startUrl: 'https://example.awsapps.com/start',
    region: 'us-east-1',
    accessToken: 'good',
    expiresAt,
  }),
});
const processOf = (answer: object | string, command = 'cat keys.json') => ({
  config: `${region}credential_process = ${command}\n`,
  files: { 'keys.json': typeof answer === 'string' ? answer : JSON.stringify(answer) },
});
const printed = { Version: 1, AccessKeyId: 'AKIAPROCESS', SecretAccessKey: 'SECRETVALUE' };
const asFlag = {
  args: ['--endpoint-url', '@HTTP@'],
  why: 'the AWS CLI 2.9 reads no AWS_ENDPOINT_URL_… and no endpoint_url',
};
const ownSts = {
  are: [
    'AssumeRole at localhost by AKIADEFAULT in us-west-2',
    'DescribeLoadBalancers at elasticloadbalancing.us-west-2.amazonaws.com by ASIAROLEAPP in us-west-2 through the proxy',
  ],
  why: 'the AWS CLI 2.9 reads no AWS_ENDPOINT_URL_… and no endpoint_url',
};
const half = {
  code: 'no-credentials',
  why: 'half a key pair shows that the user meant another; the AWS CLI goes on to the next source',
};

export const comparedRuns: Readonly<Record<string, ComparedRun>> = {
  'the environment’s keys': { config: region, env: pair('ENV') },
  'the environment’s keys and session token': {
    config: region,
    env: { ...pair('ENV'), AWS_SESSION_TOKEN: 'tok' },
  },
  'a session token alone': { config: base, env: { AWS_SESSION_TOKEN: 'tok' } },
  'the id alone': { config: base, env: { AWS_ACCESS_KEY_ID: 'AKIAX' } },
  'the secret alone': { config: base, env: { AWS_SECRET_ACCESS_KEY: 'x' }, refused: half },
  'an empty id': { config: base, env: { ...pair('ENV'), AWS_ACCESS_KEY_ID: '' }, refused: half },
  'two empty keys': { config: base, env: { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' } },
  'keys that have expired': {
    config: region,
    env: { ...pair('ENV'), AWS_CREDENTIAL_EXPIRATION: '2020-01-01T00:00:00Z' },
  },
  'keys with an end': {
    config: region,
    env: { ...pair('ENV'), AWS_CREDENTIAL_EXPIRATION: '2099-01-01T00:00:00Z' },
  },
  'the default profile': { config: base + staging },
  AWS_PROFILE: { config: base + staging, env: { AWS_PROFILE: 'staging' } },
  AWS_DEFAULT_PROFILE: { config: base + staging, env: { AWS_DEFAULT_PROFILE: 'staging' } },
  'both profile variables': {
    config: base + staging,
    env: { AWS_DEFAULT_PROFILE: 'staging', AWS_PROFILE: 'default' },
    cli: {
      env: { AWS_PROFILE: undefined },
      why: 'version 1 takes AWS_DEFAULT_PROFILE, version 2 AWS_PROFILE',
    },
  },
  '--profile': { config: base + staging, args: asStaging },
  '--profile beside the environment’s keys': { config: base + staging, args: asStaging, env: pair('ENV') },
  'AWS_PROFILE beside the environment’s keys': {
    config: base + staging,
    env: { ...pair('ENV'), AWS_PROFILE: 'staging' },
  },
  'AWS_PROFILE that is not there': { config: base, env: { AWS_PROFILE: 'gone' } },
  'AWS_PROFILE=constructor': { config: base, env: { AWS_PROFILE: 'constructor' } },
  'a profile that is named constructor': {
    config: `${base}[profile constructor]\nregion = us-west-2\n${keys('C')}`,
    env: { AWS_PROFILE: 'constructor' },
  },
  'an empty AWS_PROFILE': { config: base, env: { AWS_PROFILE: '' } },
  'AWS_PROFILE=default without one': {
    config: '',
    env: { AWS_PROFILE: 'default', AWS_DEFAULT_REGION: 'us-east-1' },
  },
  'a name with a blank': {
    config: `${base}[profile "a b"]\nregion = us-west-2\n${keys('AB')}`,
    args: ['--profile', 'a b'],
  },
  'a header with text behind it': {
    config: `${base}[profile p2] /* x */\nregion = us-west-2\n${keys('P2')}`,
  },
  'a header that is not closed': { config: `${base}[profile p2\nregion = us-west-2\n${keys('P2')}` },
  '[profile default] beside [default]': {
    config: `${base}[profile default]\nregion = us-west-2\n${keys('TWO')}`,
  },
  'a section twice': { config: base + base },
  'a key twice': { config: `${base}region = us-west-2\n` },
  'keys in capitals': {
    config:
      '[default]\nREGION = us-east-1\nAws_Access_Key_Id : AKIACAPITALS\nAWS_SECRET_ACCESS_KEY=SECRETVALUE\n',
  },
  'lines that end with CR LF': { config: (base + staging).replaceAll('\n', '\r\n'), args: asStaging },
  'a byte order mark': { config: `\ufeff${base}` },
  'a comment behind a value': { config: `[default]\nregion = us-east-1 # home\n${keys('DEFAULT')}` },
  'tabs around values': { config: base.replaceAll(' = ', '\t=\t') },
  'a quoted value': { config: '[default]\nregion = "us-east-1"\n' },
  'the credentials file before the config file': {
    config: base,
    credentials: `[default]\n${keys('CREDENTIALS')}`,
  },
  'a profile in the credentials file alone': {
    config: base,
    credentials: `[app]\nregion = us-west-2\n${keys('CREDENTIALS')}`,
    args: asApp,
  },
  'id and secret in different files': {
    config: `${region}aws_access_key_id = AKIAX\n`,
    credentials: '[default]\naws_secret_access_key = x\n',
    refused: half,
  },
  'an empty AWS_CONFIG_FILE': { config: base, env: { AWS_CONFIG_FILE: '', AWS_DEFAULT_REGION: 'us-east-1' } },
  'AWS_CONFIG_FILE with a tilde': { files: { other: base }, env: { AWS_CONFIG_FILE: '~/other' } },
  'AWS_SHARED_CREDENTIALS_FILE=/dev/null': {
    config: base,
    credentials: `[default]\n${keys('CREDENTIALS')}`,
    env: { AWS_SHARED_CREDENTIALS_FILE: '/dev/null' },
  },
  'a role over source_profile': { config: `${base}${app}source_profile = default\n`, args: asApp },
  'a role over a role': {
    config: `${base}[profile b]\n${arn.replace('app', 'bbb')}source_profile = default\n${app}source_profile = b\n`,
    args: asApp,
  },
  'roles in a circle': {
    config: `[profile b]\n${arn}source_profile = app\n${app}source_profile = b\n`,
    args: asApp,
  },
  'a role of a source that is not there': { config: `${app}source_profile = gone\n`, args: asApp },
  'a role without a source': { config: base + app, args: asApp },
  'a role that is denied': {
    config: `${base}${app.replace('role/app', 'role/denied')}source_profile = default\n`,
    args: asApp,
  },
  'a role of the environment’s keys': {
    config: `${app}credential_source = Environment\n`,
    args: asApp,
    env: pair('ENV'),
  },
  'a role of the container’s': {
    config: `${app}credential_source = EcsContainer\n`,
    args: asApp,
    env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: '@HTTP@/creds' },
  },
  'a role of the instance’s': { config: `${app}credential_source = Ec2InstanceMetadata\n`, args: asApp },
  'a role of a source in the wrong letter case': {
    config: `${app}credential_source = environment\n`,
    args: asApp,
    env: pair('ENV'),
  },
  'a role with an MFA device and no terminal': {
    config: `${base}${app}source_profile = default\nmfa_serial = arn:aws:iam::123456789012:mfa/u\n`,
    args: asApp,
  },
  'a web identity of the environment': { config: region, env: web, files: token },
  'a web identity beside a profile’s keys': { config: base, env: web, files: token },
  'a web identity beside --profile': { config: base + staging, env: web, files: token, args: asStaging },
  'a web identity whose token is not there': { config: base, env: web },
  'a web identity of the profile': {
    config: `${region}${arn}web_identity_token_file = @HOME@/token\n`,
    files: token,
  },
  'an SSO session': { config: sso + session, files: login('corp'), args: asSso },
  'an SSO session with a quoted name': {
    config: (sso + session)
      .replace('= corp', '= My Corp')
      .replace('sso-session corp', "sso-session 'My Corp'"),
    files: login('My Corp'),
    args: asSso,
  },
  'an SSO session that is not there': { config: sso, files: login('corp'), args: asSso },
  'an SSO login that has expired': {
    config: sso + session,
    files: login('corp', '2020-01-01T00:00:00Z'),
    args: asSso,
  },
  'an SSO login before the profile’s keys': {
    config: sso + keys('S') + session,
    files: login('corp'),
    args: asSso,
  },
  'a process': processOf(printed),
  'a process with a session token': processOf({ ...printed, SessionToken: 'tok' }),
  'a process of version 2': processOf({ ...printed, Version: 2 }),
  'a process that prints no JSON': processOf('hello'),
  'a process whose keys have expired': processOf({ ...printed, Expiration: '2020-01-01T00:00:00Z' }),
  'a process that fails beside a container': {
    ...processOf(printed, 'false'),
    env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: '@HTTP@/creds' },
  },
  'a container': { config: region, env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: '@HTTP@/creds' } },
  'a container with a token': {
    config: region,
    env: {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: '@HTTP@/creds/auth',
      AWS_CONTAINER_AUTHORIZATION_TOKEN: 'letmein',
    },
  },
  'a container elsewhere in plain http': {
    config: region,
    env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://192.0.2.1/creds' },
  },
  'an instance': { config: region },
  'an instance whose metadata is switched off': {
    config: region,
    env: { AWS_EC2_METADATA_DISABLED: 'true' },
  },
  AWS_REGION: {
    config: base,
    env: { AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'us-west-2' },
    cli: { env: { AWS_DEFAULT_REGION: 'eu-west-1' }, why: 'version 1 does not read AWS_REGION' },
  },
  AWS_DEFAULT_REGION: { config: base, env: { AWS_DEFAULT_REGION: 'eu-west-1' } },
  '--region before the variables': {
    config: base,
    env: { AWS_DEFAULT_REGION: 'us-west-2' },
    args: ['--region', 'eu-west-1'],
  },
  'no region': { config: `[default]\n${keys('DEFAULT')}` },
  'a region that is not a name': { config: base, env: { AWS_DEFAULT_REGION: 'us_east_1' } },
  'FIPS endpoints': { config: base, env: { AWS_USE_FIPS_ENDPOINT: 'true' } },
  'dual-stack endpoints': { config: `${base}use_dualstack_endpoint = true\n` },
  '--endpoint-url': { config: base, args: ['--endpoint-url', '@HTTP@'] },
  '--endpoint-url beside FIPS endpoints': {
    config: base,
    args: ['--endpoint-url', '@HTTP@'],
    env: { AWS_USE_FIPS_ENDPOINT: 'true' },
  },
  'an endpoint of the environment': {
    config: base,
    env: { AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING: '@HTTP@' },
    cli: asFlag,
  },
  'an endpoint of the profile’s services': {
    config: `${base}services = l\n[services l]\nelastic_load_balancing =\n  endpoint_url = @HTTP@\n`,
    cli: asFlag,
  },
  'endpoints that are to be ignored': {
    config: base,
    env: { AWS_ENDPOINT_URL: '@HTTP@', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
  },
  'an STS endpoint of the environment': {
    config: `${base}${app}source_profile = default\n`,
    args: asApp,
    env: { AWS_ENDPOINT_URL_STS: '@LOCALHOST@' },
    calls: ownSts,
  },
  'the STS endpoint of the profile in use': {
    config: `${base}services = wrong\n[services wrong]\nsts =\n  endpoint_url = http://192.0.2.1\n${app}source_profile = default\nservices = l\n[services l]\nsts =\n  endpoint_url = @LOCALHOST@\n`,
    args: asApp,
    calls: ownSts,
  },
  'no proxy for amazonaws.com of another domain': { config: base, env: { NO_PROXY: 'maws.com,127.0.0.1' } },
  'a private CA': { config: base, args: ['--endpoint-url', '@HTTPS@'], env: { HTTPS_PROXY: undefined } },
  'a private CA of the profile': {
    config: `${base}ca_bundle = @HOME@/ca.pem\n`,
    args: ['--endpoint-url', '@HTTPS@'],
    env: { AWS_CA_BUNDLE: undefined },
  },
  'a private CA that is not trusted': {
    config: base,
    args: ['--endpoint-url', '@HTTPS@'],
    env: { AWS_CA_BUNDLE: undefined },
  },
  'NO_PROXY with the address': {
    config: base,
    args: ['--endpoint-url', '@HTTPS@'],
    env: { NO_PROXY: '127.0.0.1' },
  },
  'NO_PROXY with the network of the address': {
    config: base,
    args: ['--endpoint-url', '@HTTPS@'],
    env: { NO_PROXY: '127.0.0.0/8' },
  },
  'no_proxy=*': { config: base, args: ['--endpoint-url', '@HTTPS@'], env: { no_proxy: '*' } },
  'a proxy in small letters': { config: base, env: { HTTPS_PROXY: undefined, https_proxy: '@PROXY@' } },
  'a proxy with a password': { config: base, env: { HTTPS_PROXY: '@AUTHPROXY@' } },
  'a proxy without a scheme': { config: base, env: { HTTPS_PROXY: '@BAREPROXY@' } },
  'a proxy for plain http': {
    config: base,
    args: ['--endpoint-url', '@HTTP@'],
    env: { HTTP_PROXY: '@PROXY@' },
  },
};
