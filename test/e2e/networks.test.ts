import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { type IdentityStub, startIdentityStub } from '../peers/identity-stub.js';

const elb = 'elasticloadbalancing.us-east-1.amazonaws.com';
const sts = 'sts.us-east-1.amazonaws.com';

let stub: IdentityStub;
let home: string;
let env: Readonly<Record<string, string | undefined>>;

// AWS's own names lead nowhere here but through the proxy, whose other end shows a certificate of its own authority.
beforeEach(async () => {
  stub = await startIdentityStub();
  home = await temporaryDirectory();
  await writeFile(join(home, 'ca.pem'), stub.certificate);
  env = {
    HOME: home,
    AWS_MAX_ATTEMPTS: '1',
    AWS_CA_BUNDLE: join(home, 'ca.pem'),
    HTTPS_PROXY: stub.proxy,
  };
});
afterEach(() => stub.close());

async function config(text: string): Promise<void> {
  await writeFile(join(home, 'config'), text);
  env = { ...env, AWS_CONFIG_FILE: join(home, 'config') };
}

const status = (more: Readonly<Record<string, string | undefined>> = {}, ...args: string[]) =>
  elbProxyHere(['status', '--kind', 'classic', '-o', 'json', ...args], { env: { ...env, ...more } });

async function errorIn(more: Readonly<Record<string, string | undefined>>, ...args: string[]) {
  const { code, json, stderr, stdout } = await status(more, ...args);
  expect(code).toBe(1);
  expect(stdout + stderr).not.toContain('hunter2');
  return json().error;
}

/** Whom the calls reached, by whose keys, and how. */
const reached = () =>
  stub.calls.map(
    ({ action, host, key, proxied }) => `${action} ${host} ${key}${proxied ? ' by the proxy' : ''}`,
  );

describe('behind a CONNECT proxy with a private authority', () => {
  test("calls go through the proxy, and those to hosts of NO_PROXY, the instance's metadata, go directly", async () => {
    const { code } = await status({
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_EC2_METADATA_DISABLED: undefined,
      AWS_EC2_METADATA_SERVICE_ENDPOINT: stub.http,
      HTTP_PROXY: stub.proxy,
      NO_PROXY: '169.254.169.254,127.0.0.1',
    });
    expect(code).toBe(0);
    expect(reached()).toEqual([`DescribeLoadBalancers ${elb} ASIAMACHINE by the proxy`]);
    expect(stub.asked.map(({ target }) => target)).toEqual([`${elb}:443`]);
  });

  test('the metadata is asked by the proxy, too, without NO_PROXY', async () => {
    await status({
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_EC2_METADATA_DISABLED: undefined,
      AWS_EC2_METADATA_SERVICE_ENDPOINT: stub.http,
      HTTP_PROXY: stub.proxy,
    });
    expect(stub.asked.map(({ target }) => target)).toContain(`${stub.http}/latest/api/token`);
  });

  test("a role's STS and the caller's go through it as well, by the profile's ca_bundle", async () => {
    await config(
      `[profile a]\nregion = us-east-1\nca_bundle = ${home}/ca.pem\nrole_arn = arn:aws:iam::123456789012:role/app\nsource_profile = b\n[profile b]\naws_access_key_id = AKIABASE\naws_secret_access_key = x\n`,
    );
    const own = { AWS_CA_BUNDLE: undefined };
    expect((await status(own, '--profile', 'a')).code).toBe(0);
    expect(reached()).toEqual([
      `AssumeRole ${sts} AKIABASE by the proxy`,
      `DescribeLoadBalancers ${elb} ASIAROLEAPP by the proxy`,
    ]);
    stub.calls.length = 0;
    await elbProxyHere(['enable', 'web', '--port', '80', '--dry-run', '--profile', 'a'], {
      env: { ...env, ...own },
    });
    expect(reached()).toContain(`GetCallerIdentity ${sts} ASIAROLEAPP by the proxy`);
  });

  test("the proxy's user name and password are sent to it, and shown nowhere", async () => {
    const HTTPS_PROXY = stub.proxy.replace('//', '//me:hunter2@');
    const { code, stdout, stderr } = await status({ HTTPS_PROXY }, '--debug');
    expect(code).toBe(0);
    expect(stub.asked).toEqual([
      { target: `${elb}:443`, authorization: `Basic ${Buffer.from('me:hunter2').toString('base64')}` },
    ]);
    expect(stdout + stderr).not.toContain('hunter2');
  });

  test("an address's certificate is checked for that address", async () => {
    expect((await status({ AWS_ENDPOINT_URL: stub.https })).code).toBe(0);
    expect(stub.calls).toMatchObject([{ proxied: true }]);
    const name = await errorIn({ AWS_ENDPOINT_URL: stub.https.replace('127.0.0.1', '127.0.0.2') });
    expect(name.message).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
  });
});

describe('a failure names the proxy, its variable and the way out', () => {
  const withPassword = () => stub.proxy.replace('//', '//me:hunter2@');

  test.each([
    [407, 'put a user name and password that it accepts into HTTPS_PROXY'],
    [403, `ask the proxy's operators to let ${elb} through, or name ${elb} in NO_PROXY`],
    [502, `ask the proxy's operators to let ${elb} through`],
  ])('if the proxy answers HTTP %i', async (answer, hint) => {
    stub.connectStatus = answer;
    const { code, message, hint: said } = await errorIn({ HTTPS_PROXY: withPassword() });
    expect(code).toBe('unreachable-endpoint');
    expect(message).toContain(
      `the proxy ${stub.proxy} (from HTTPS_PROXY) refused to connect to ${elb}: HTTP ${answer}`,
    );
    expect(said).toContain(hint);
    expect(stub.calls).toEqual([]);
  });

  test('if a write is refused by it: nothing was changed', async () => {
    stub.connectStatus = 403;
    const { code, stderr } = await elbProxyHere(['enable', 'web', '--port', '80', '--yes'], { env });
    expect(code).toBe(1);
    expect(stderr).toContain('refused to connect');
  });

  test('if nothing listens', async () => {
    const { port } = new URL(stub.proxy);
    await stub.close();
    const { message, hint } = await errorIn({ https_proxy: `http://me:hunter2@127.0.0.1:${port}` });
    expect(message).toContain(
      `the proxy http://127.0.0.1:${port} (from https_proxy) could not be reached: nothing listens there`,
    );
    expect(hint).toContain('check https_proxy');
  });

  test('where it is a server and not a proxy', async () => {
    const { message, hint } = await errorIn({ HTTPS_PROXY: stub.http });
    expect(message).toContain('closed the connection before it answered');
    expect(hint).toContain('check that HTTPS_PROXY names a proxy');
  });

  test('if it does not speak TLS', async () => {
    const { message, hint } = await errorIn({ HTTPS_PROXY: withPassword().replace('http:', 'https:') });
    expect(message).toContain('the TLS handshake with the proxy https://127.0.0.1');
    expect(hint).toContain('write the proxy as http:// in HTTPS_PROXY');
  });

  test.each([
    ['socks5://me:hunter2@127.0.0.1:1080', 'has the scheme socks5, and only http and https can be used'],
    ['http://me:hunter2@a b', 'is not a URL'],
    [
      'http://me:hunter2%@127.0.0.1:1',
      'has a user name or a password with a "%" that is not part of an escape',
    ],
  ])("if it can't be used: %s", async (HTTPS_PROXY, why) => {
    const { code, message } = await errorIn({ HTTPS_PROXY });
    expect(code).toBe('invalid-setting');
    expect(message).toBe(`the proxy from HTTPS_PROXY ${why}`);
  });

  test('and not where no call goes by it', async () => {
    const bypassed = { HTTPS_PROXY: 'socks5://127.0.0.1:1080', AWS_ENDPOINT_URL: stub.https, NO_PROXY: '*' };
    expect((await status(bypassed)).code).toBe(0);
  });

  test('if a role was to be assumed', async () => {
    await config(
      '[profile a]\nregion = us-east-1\nrole_arn = arn:aws:iam::123456789012:role/app\ncredential_source = Environment\n',
    );
    stub.connectStatus = 407;
    const { code, message, hint } = await errorIn({}, '--profile', 'a');
    expect(code).toBe('no-credentials');
    expect(message).toContain(
      `the proxy ${stub.proxy} (from HTTPS_PROXY) refused to connect to ${sts}: HTTP 407`,
    );
    expect(hint).toContain('HTTPS_PROXY');
  });
});

describe('a failure names the certificates', () => {
  const untrusted = 'DEPTH_ZERO_SELF_SIGNED_CERT';

  test('if the usual ones do not hold', async () => {
    const { message, hint } = await errorIn({ AWS_CA_BUNDLE: undefined });
    expect(message).toContain(untrusted);
    expect(message).toContain(`through the proxy ${stub.proxy}`);
    expect(hint).toContain('AWS_CA_BUNDLE (or the profile');
    expect(stub.calls).toEqual([]);
  });

  test('if Node.js is set to accept any', async () => {
    const more = { AWS_CA_BUNDLE: undefined, NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' };
    expect((await errorIn(more)).message).toContain(untrusted);
    expect(
      (await errorIn({ ...more, HTTPS_PROXY: undefined, AWS_ENDPOINT_URL: stub.https })).message,
    ).toContain(untrusted);
  });

  test("if another authority's are given", async () => {
    const other = await startIdentityStub();
    await other.close();
    await writeFile(join(home, 'other.pem'), other.certificate);
    const { message } = await errorIn({ AWS_CA_BUNDLE: join(home, 'other.pem') });
    expect(message).toContain(untrusted);
  });

  test('if a custom endpoint has them', async () => {
    const { message, hint } = await errorIn({
      AWS_CA_BUNDLE: undefined,
      HTTPS_PROXY: undefined,
      AWS_ENDPOINT_URL: stub.https,
    });
    expect(message).toContain(`${stub.https} (from AWS_ENDPOINT_URL)`);
    expect(hint).toContain('AWS_CA_BUNDLE');
  });

  test.each([
    ['is not there', undefined, 'no such file'],
    ['holds none', 'hello', 'the file holds no certificate'],
    [
      'holds a broken one',
      `-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`,
      'certificate number 1 in it can',
    ],
  ])('if the file %s', async (_, content, why) => {
    const file = join(home, 'mine.pem');
    if (content !== undefined) await writeFile(file, content);
    await config(`[default]\nregion = us-east-1\nca_bundle = ${file}\n`);
    const { code, message } = await errorIn({ AWS_CA_BUNDLE: undefined });
    expect(code).toBe('invalid-setting');
    expect(message).toContain(`the certificates in ${file} (from ca_bundle of profile default`);
    expect(message).toContain(why);
  });

  test('if STS has them', async () => {
    await config(
      '[profile a]\nregion = us-east-1\nrole_arn = arn:aws:iam::123456789012:role/app\ncredential_source = Environment\n',
    );
    const { message, hint } = await errorIn({ AWS_CA_BUNDLE: undefined }, '--profile', 'a');
    expect(message).toContain('its certificate is not trusted');
    expect(hint).toContain('AWS_CA_BUNDLE');
  });
});
