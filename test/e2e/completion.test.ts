import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { registry } from '../../src/cli/registry.js';
import { bin, temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { startRelay } from '../helpers/relay.js';
import { startService } from '../helpers/service.js';
import { findPeer } from '../peers/peer.js';

const scripts = new Map<string, string>();

beforeAll(async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const ran = await elbProxyHere(['completion', shell]);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    scripts.set(shell, ran.stdout);
  }
});

/** A folder with an `elb-proxy` that a shell finds, and the environment that it then runs in. */
async function shellEnvironment(stateDirectory: string): Promise<Record<string, string>> {
  const folder = join(await temporaryDirectory(), 'bin');
  await mkdir(folder);
  const program = join(folder, 'elb-proxy');
  await writeFile(program, `#!/bin/sh\nexec '${process.execPath}' '${bin}' "$@"\n`);
  await chmod(program, 0o755);
  return { PATH: `${folder}:/usr/bin:/bin`, ELB_PROXY_STATE_DIR: stateDirectory, LANG: 'C.UTF-8' };
}

/** What bash offers behind a line, as readline would ask for it: the words taken apart at blanks and equals signs. */
function offered(line: string, env: Record<string, string>, cwd?: string): readonly string[] {
  const words = line.split(/ +|(=)/).filter((word) => word !== undefined);
  const typed = words.filter((word, index) => word !== '' || index === words.length - 1);
  const script = `${scripts.get('bash')}
COMP_WORDS=(${typed.map((word) => `'${word}'`).join(' ')})
COMP_CWORD=${typed.length - 1}
_elb_proxy
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const out = execFileSync('bash', ['--norc', '--noprofile', '-c', script], { env, cwd, encoding: 'utf8' });
  return out.split('\n').filter((word) => word !== '');
}

describe('completion in bash', () => {
  it('is a script that bash takes', () => {
    execFileSync('bash', ['-n'], { input: scripts.get('bash') });
  });

  it('offers every command, and those that begin as typed', async () => {
    const env = await shellEnvironment(await temporaryDirectory());
    expect(offered('elb-proxy ', env)).toEqual(Object.keys(registry));
    expect(offered('elb-proxy --reg', env)).toEqual(['--region']);
    expect(offered('elb-proxy en', env)).toEqual(['enable']);
    expect(offered('elb-proxy --region us-east-1 dis', env)).toEqual(['disable']);
    expect(offered('elb-proxy --region=us-east-1 -o json po', env)).toEqual(['policies']);
  });

  it("offers a command's options, and the values of one", async () => {
    const env = await shellEnvironment(await temporaryDirectory());
    expect(offered('elb-proxy enable web --p', env).toSorted()).toEqual([
      '--policy-name',
      '--port',
      '--profile',
    ]);
    expect(offered('elb-proxy status --exp', env)).toEqual(['--expect']);
    expect(offered('elb-proxy status --expect ', env)).toEqual(['enabled', 'disabled']);
    expect(offered('elb-proxy status --expect=d', env)).toEqual(['disabled']);
    expect(offered('elb-proxy status --expect=', env)).toEqual(['enabled', 'disabled']);
    expect(offered('elb-proxy status -o ', env)).toEqual(['text', 'json', 'markdown']);
    expect(offered('elb-proxy undo --output ', env)).toEqual(['text', 'json', 'markdown', 'commands']);
    expect(offered('elb-proxy iam-policy -o m', env)).toEqual([]);
    expect(offered('elb-proxy enable web --force http', env)).toEqual(['http-listener', 'http-health-check']);
    expect(offered('elb-proxy enable web --port ', env)).toEqual([]);
    expect(offered('elb-proxy schema pl', env)).toEqual(['plan']);
    expect(offered('elb-proxy verify ', env)).toEqual(['backend', 'listen', 'capture']);
    expect(offered('elb-proxy completion ', env)).toEqual(['bash', 'zsh', 'fish']);
  });

  it('offers files where one is wanted', async () => {
    const env = await shellEnvironment(await temporaryDirectory());
    const cwd = await temporaryDirectory();
    await writeFile(join(cwd, 'plan one.json'), '{}');
    expect(offered('elb-proxy apply pl', env, cwd)).toEqual(['plan one.json']);
    expect(offered('elb-proxy enable web --dry-run --out pl', env, cwd)).toEqual(['plan one.json']);
    expect(offered('elb-proxy status --summary=pl', env, cwd)).toEqual(['plan one.json']);
    expect(offered('elb-proxy verify capture pl', env, cwd)).toEqual(['plan one.json']);
    expect(offered('elb-proxy local -- ', env, cwd)).toEqual([]);
  });

  it('offers changes, ports, regions and profiles, without any call', async () => {
    const stateDirectory = await temporaryDirectory();
    await using service = await startService('demo');
    await using relay = await startRelay(service.endpoint);
    const options = { endpoint: relay.endpoint, stateDirectory };
    const env = {
      ...(await shellEnvironment(stateDirectory)),
      AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING: relay.endpoint,
      AWS_CONFIG_FILE: join(stateDirectory, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(stateDirectory, 'credentials'),
    };
    await writeFile(
      env.AWS_CONFIG_FILE,
      '[default]\n[profile prod]\n[profile "odd name"]\n[profile $(reboot)]\n',
    );
    await writeFile(env.AWS_SHARED_CREDENTIALS_FILE, '[ops]\naws_access_key_id = x\n');
    await elbProxyHere(['status'], options);
    const applied = await elbProxyHere(['enable', 'web', '--port', '8443', '--yes', '-o', 'json'], options);
    const { changeId } = applied.json();
    const calls = relay.calls.length;
    expect(offered('elb-proxy undo ', env)).toEqual([changeId]);
    expect(offered(`elb-proxy history ${changeId.slice(0, 9)}`, env)).toEqual([changeId]);
    expect(offered('elb-proxy enable web --port ', env)).toEqual(['8443', '9000']);
    expect(offered('elb-proxy enable web --port=9', env)).toEqual(['9000']);
    expect(offered('elb-proxy enable web --port 8443 --port ', env)).toEqual(['9000']);
    expect(offered('elb-proxy enable web --port 8443,', env)).toEqual(['8443,9000']);
    expect(offered('elb-proxy enable --port ', env)).toEqual(['2525', '8080', '8443', '9000']);
    expect(offered('elb-proxy verify backend --load-balancer legacy --port ', env)).toEqual(['2525', '8080']);
    expect(offered('elb-proxy status --region eu-w', env)).toEqual(['eu-west-1', 'eu-west-2', 'eu-west-3']);
    expect(offered('elb-proxy --profile ', env)).toEqual(['default', 'ops', 'prod']);
    expect(offered('elb-proxy status web --profile=pr', env)).toEqual(['prod']);
    expect(offered('elb-proxy status web ', env)).toEqual(['edge', 'legacy']);
    expect(relay.calls.length).toBe(calls);
  });

  it('offers the load balancers that status saw, in the region that is typed, without any call', async () => {
    const stateDirectory = await temporaryDirectory();
    const env = await shellEnvironment(stateDirectory);
    await using service = await startService('demo');
    await using relay = await startRelay(service.endpoint);
    const endpoint = { AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING: relay.endpoint };
    expect(offered('elb-proxy status ', { ...env, ...endpoint })).toEqual([]);
    expect(relay.calls).toEqual([]);

    await elbProxyHere(['status'], { endpoint: relay.endpoint, stateDirectory });
    const calls = relay.calls.length;
    expect(offered('elb-proxy status ', { ...env, ...endpoint })).toEqual(['edge', 'legacy', 'web']);
    expect(offered('elb-proxy enable w', { ...env, ...endpoint })).toEqual(['web']);
    expect(offered('elb-proxy enable --port 80 le', { ...env, ...endpoint })).toEqual(['legacy']);
    expect(offered('elb-proxy status --region us-east-1 w', { ...env, ...endpoint })).toEqual(['web']);
    expect(offered('elb-proxy status --region=eu-west-1 w', { ...env, ...endpoint })).toEqual([]);
    expect(offered(`elb-proxy status --endpoint-url http://127.0.0.1:1 w`, env)).toEqual([]);
    expect(relay.calls.length).toBe(calls);
  });
});

describe('completion in other shells', () => {
  const zsh = findPeer('zsh', 'apt-get install zsh');
  const fish = findPeer('fish', 'apt-get install fish');

  const file = async (shell: string): Promise<string> => {
    const path = join(await temporaryDirectory(), `_elb-proxy.${shell}`);
    await writeFile(path, scripts.get(shell) ?? '');
    return path;
  };

  it.skipIf(zsh === undefined)('is a script that zsh takes', async () => {
    execFileSync(zsh ?? '', ['-n', await file('zsh')]);
  });

  it.skipIf(zsh === undefined)('offers commands, options and values in zsh', async () => {
    const script = await file('zsh');
    const env = await shellEnvironment(await temporaryDirectory());
    // What zsh's own completion system would get, without a terminal that has one.
    const stubs = `
      compadd() { shift; print -rl -- "$@" }
      _describe() { local name=$5; print -rl -- "\${(@P)name%%:*}" }
      _files() { print files }
      compset() { words[CURRENT]=\${words[CURRENT]#*=} }
      source ${script}`;
    const complete = (...words: readonly string[]) =>
      execFileSync(
        zsh ?? '',
        [
          '-f',
          '-c',
          `${stubs}\nwords=(elb-proxy ${words.map((word) => `'${word}'`).join(' ')})
          CURRENT=$#words
          _elb_proxy || true`,
        ],
        { encoding: 'utf8', env },
      )
        .split('\n')
        .filter((word) => word !== '');
    expect(complete('')).toEqual(Object.keys(registry));
    expect(complete('--region', 'us-east-1', 'status', '--expect', '')).toEqual(['enabled', 'disabled']);
    expect(complete('status', '--expect=')).toEqual(['enabled', 'disabled']);
    expect(complete('status', '-o', '')).toEqual(['text', 'json', 'markdown']);
    expect(complete('status', '-')).toContain('--all-regions');
    expect(complete('schema', '')).toContain('plan');
    expect(complete('apply', '')).toEqual(['files']);
    expect(complete('enable', 'web', '--port', '')).toEqual([]);
    expect(complete('enable', 'web', '--out', '')).toEqual(['files']);
  });

  it.skipIf(fish === undefined)('is a script that fish takes', async () => {
    execFileSync(fish ?? '', ['--no-execute', await file('fish')]);
  });

  it.skipIf(fish === undefined)('offers commands, options and values in fish', async () => {
    const script = await file('fish');
    const env = { ...(await shellEnvironment(await temporaryDirectory())), HOME: await temporaryDirectory() };
    const complete = (line: string) =>
      execFileSync(fish ?? '', ['-c', `source ${script}; complete -C '${line}'`], {
        encoding: 'utf8',
        env,
        stdio: ['ignore', 'pipe', 'ignore'],
      })
        .split('\n')
        .map((item) => item.split('\t')[0])
        .filter((item) => item !== '');
    expect(complete('elb-proxy en')).toEqual(['enable']);
    expect(complete('elb-proxy status --expect ')).toEqual(expect.arrayContaining(['disabled', 'enabled']));
    expect(complete('elb-proxy status --exp')).toEqual(['--expect']);
    expect(complete('elb-proxy schema pl')).toEqual(['plan']);
    expect(complete('elb-proxy status --expect=d')).toEqual(['--expect=disabled']);
    expect(complete('elb-proxy apply /usr/bi')).toContain('/usr/bin/');
  });
});

describe('what completion knows', () => {
  it("is one small file of the user's own", async () => {
    await using service = await startService();
    const stateDirectory = await temporaryDirectory();
    await elbProxyHere(['status', 'web'], { endpoint: service.endpoint, stateDirectory });
    const file = join(stateDirectory, 'completion-names.json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
      places: [{ region: 'us-east-1', endpoint: service.endpoint, names: ['web'] }],
    });
  });

  it('names the load balancer that was meant', async () => {
    await using service = await startService();
    const options = { endpoint: service.endpoint, stateDirectory: await temporaryDirectory() };
    await elbProxyHere(['status'], options);
    for (const argv of [
      ['status', 'wbe'],
      ['enable', 'wbe', '--port', '8443', '--yes'],
    ]) {
      const ran = await elbProxyHere([...argv, '-o', 'json'], options);
      expect(ran.code).toBe(1);
      expect(ran.json().error).toMatchObject({
        code: 'LoadBalancerNotFound',
        hint: expect.stringMatching(/^did you mean web\?\n/),
      });
    }
    const far = await elbProxyHere(['status', 'something', '-o', 'json'], options);
    expect(far.json().error.hint).not.toContain('did you mean');
  });

  it.each([
    [['enbale', 'web'], 'did you mean elb-proxy enable? see: elb-proxy --help'],
    [['status', '--prot', '80'], 'did you mean --port? see: elb-proxy status --help'],
    [['frobnicate'], 'see: elb-proxy --help'],
  ])('helps with a mistyped command or option: %j', async (argv, hint) => {
    const ran = await elbProxyHere([...argv, '-o', 'json']);
    expect(ran.code).toBe(1);
    expect(ran.json().error).toMatchObject({ code: 'usage', hint });
  });

  it('refuses a shell that it has no script for', async () => {
    const ran = await elbProxyHere(['completion', 'tcsh', '-o', 'json']);
    expect(ran.code).toBe(1);
    expect(ran.json().error).toMatchObject({ code: 'usage', hint: 'choose from bash, zsh, fish' });
  });
});
