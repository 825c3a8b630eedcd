import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bin } from '../helpers/elb-proxy.js';
import { runAws, runProgram } from './aws-cli.js';
import type { ComparedRun } from './identity-environments.js';
import { type Call, startIdentityStub } from './identity-stub.js';

/** What a tool did in an environment. */
export interface RunOutcome {
  readonly exitCode: number;
  readonly output: string;
  readonly calls: readonly Call[];
  readonly passwords: readonly (string | undefined)[];
}

/** One tool in one environment; with a stub of its own, so that both can run at the same time. */
export async function runIn(
  { args = [], cli, ...compared }: ComparedRun,
  tool: 'aws' | 'elb-proxy',
  aws = '',
): Promise<RunOutcome> {
  const stub = await startIdentityStub();
  const home = await mkdtemp(join(tmpdir(), 'elb-proxy-identity-'));
  const places: Readonly<Record<string, string>> = {
    '@HTTP@': stub.http,
    '@LOCALHOST@': stub.http.replace('127.0.0.1', 'localhost'),
    '@HTTPS@': stub.https,
    '@PROXY@': stub.proxy,
    '@AUTHPROXY@': stub.proxy.replace('//', '//me:hunter2@'),
    '@BAREPROXY@': stub.proxy.replace('http://', ''),
    '@HOME@': home,
  };
  const fill = (text: string) => text.replaceAll(/@[A-Z]+@/g, (name) => places[name] ?? name);
  const files: Readonly<Record<string, string | undefined>> = {
    'ca.pem': stub.certificate,
    '.aws/config': compared.config,
    '.aws/credentials': compared.credentials,
    ...compared.files,
  };
  for (const [name, content] of Object.entries(files)) {
    if (content === undefined) continue;
    await mkdir(dirname(join(home, name)), { recursive: true });
    await writeFile(join(home, name), fill(content));
  }
  const given: Readonly<Record<string, string | undefined>> = {
    PATH: process.env['PATH'],
    HOME: home,
    LANG: 'C.UTF-8',
    AWS_PAGER: '',
    AWS_MAX_ATTEMPTS: '1',
    AWS_STS_REGIONAL_ENDPOINTS: 'regional',
    AWS_EC2_METADATA_SERVICE_ENDPOINT: '@HTTP@/',
    HTTPS_PROXY: '@PROXY@',
    AWS_CA_BUNDLE: '@HOME@/ca.pem',
    ELB_PROXY_STATE_DIR: join(home, 'state'),
    ...compared.env,
    ...(tool === 'aws' ? cli?.env : undefined),
  };
  const env = Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, fill(value)]])),
  );
  const place = { env, cwd: home };
  try {
    const argv = [
      ...(tool === 'aws'
        ? ['elb', 'describe-load-balancers', ...(cli?.args ?? [])]
        : ['status', '--kind', 'classic', '-o', 'json']),
      ...args,
    ].map(fill);
    const { exitCode, stdout, stderr } = await (tool === 'aws'
      ? runAws(aws, argv, place)
      : runProgram(bin, argv, place));
    return {
      exitCode,
      output: stdout + stderr,
      calls: [...stub.calls],
      passwords: [...new Set(stub.asked.map(({ authorization }) => authorization))],
    };
  } finally {
    await stub.close();
    await rm(home, { recursive: true, force: true });
  }
}

/** Who signed which call, for which region, at which host, and by the proxy or not, without repeats; or that it refused. */
export function actsIn({ exitCode, calls, passwords }: RunOutcome): unknown {
  if (exitCode !== 0) return 'refused';
  // The AWS CLI does not ask who it is.
  const compared = calls.filter(({ action }) => action !== 'GetCallerIdentity');
  return { calls: [...new Set(compared.map((call) => written(call)))], passwords };
}

function written({ action, host, key, region, token, proxied }: Call): string {
  const session = token === '-' || token === `t-${key}` ? '' : ` with token ${token}`;
  return `${action} at ${host} by ${key} in ${region}${session}${proxied ? ' through the proxy' : ''}`;
}
