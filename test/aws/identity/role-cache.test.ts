import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { cachedRole } from '../../../src/aws/identity/sources/role-cache.js';

const arn = 'arn:aws:iam::123456789012:role/app';
const kept = {
  AccessKeyId: 'ASIACACHED',
  SecretAccessKey: 'x',
  SessionToken: 't',
  Expiration: '2099-01-01T00:00:00+00:00',
};

/** A home with one file in the AWS CLI's cache. */
async function homeWith(name: string, content: unknown): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'elb-proxy-cache-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const folder = join(home, '.aws/cli/cache');
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, `${name}.json`),
    typeof content === 'string' ? content : JSON.stringify(content),
  );
  return home;
}

// The names are what botocore 1.43 gives its files.
const names = [
  [{ RoleArn: arn }, 'dc7a8abd0b7059a28fae9b5f5fd4bc7c101c0185'],
  [
    { SerialNumber: 'arn:aws:iam::123456789012:mfa/u', RoleArn: arn },
    'bdc705927d5a5e7995c2042fe8347df86973a0bd',
  ],
  [{ RoleArn: arn, DurationSeconds: 3600, ExternalId: 'é🙂' }, '7287b0006ccdcaf9eb9a009c7df9022e71af1bc1'],
] as const;

test.each(names)('a session for %j is found where the AWS CLI keeps it', async (input, name) => {
  const HOME = await homeWith(name, { Credentials: kept });
  expect(await cachedRole(input, { HOME })).toEqual({
    accessKeyId: 'ASIACACHED',
    secretAccessKey: 'x',
    sessionToken: 't',
    expiration: new Date('2099-01-01T00:00:00Z'),
  });
  expect(await readdir(join(HOME, '.aws/cli/cache'))).toEqual([`${name}.json`]);
});

test('a session that ends within 15 minutes is not used', async () => {
  const HOME = await homeWith(names[0][1], { Credentials: { ...kept, Expiration: inMinutes(14) } });
  expect(await cachedRole(names[0][0], { HOME })).toBeUndefined();
});

test.each([
  ['has no end', { Credentials: { ...kept, Expiration: undefined } }],
  ['has no token', { Credentials: { ...kept, SessionToken: '' } }],
  ['is not JSON', '{'],
  ['has another form', { AccessKeyId: 'ASIACACHED' }],
])('a session that %s is an error that names the file, as for the AWS CLI', async (_, content) => {
  const HOME = await homeWith(names[0][1], content);
  await expect(cachedRole(names[0][0], { HOME })).rejects.toMatchObject({
    code: 'no-credentials',
    message: expect.stringContaining(`${names[0][1]}.json`),
    hint: expect.stringContaining('delete that file'),
  });
});

test('a session that ends later than that is used', async () => {
  const HOME = await homeWith(names[0][1], { Credentials: { ...kept, Expiration: inMinutes(16) } });
  expect(await cachedRole(names[0][0], { HOME })).toMatchObject({ accessKeyId: 'ASIACACHED' });
});

test('a session of another role, or for another purpose, is not used', async () => {
  const HOME = await homeWith(names[0][1], { Credentials: kept });
  expect(await cachedRole({ RoleArn: arn, ExternalId: 'x' }, { HOME })).toBeUndefined();
});

function inMinutes(minutes: number): string {
  return new Date(Date.now() + minutes * 60_000).toISOString();
}
