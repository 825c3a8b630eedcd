import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { bin, temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { startRelay } from '../helpers/relay.js';
import { startService } from '../helpers/service.js';

const profile = 'my$HOME;ops';

/** Files with a profile whose name needs quotes; nothing else says who acts. */
async function ownProfile() {
  const folder = await temporaryDirectory();
  const credentials = `${folder}/credentials`;
  await writeFile(
    credentials,
    `[${profile}]\nregion = us-east-1\naws_access_key_id = ops\naws_secret_access_key = ops\n`,
  );
  return {
    stateDirectory: `${folder}/state`,
    env: {
      AWS_CONFIG_FILE: `${folder}/none`,
      AWS_SHARED_CREDENTIALS_FILE: credentials,
      AWS_REGION: undefined,
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
    },
  };
}

/** The commands that a text names, each on one line again. */
function commandsIn(text: string): readonly string[] {
  return text.replaceAll(/ \\\n */g, ' ').match(/(?:elb-proxy (?=[a-z])|aws elb ).*$/gm) ?? [];
}

describe('the commands that a run prints', () => {
  it('can be pasted into a shell, and act as this run did', async () => {
    await using service = await startService();
    const options = await ownProfile();
    const where = ['--profile', profile, '--endpoint-url', service.endpoint];
    const ran = await elbProxyHere(['enable', 'web', '--port', '8443', '--yes', ...where], options);
    expect(ran).toMatchObject({ code: 0 });
    const [undo = ''] = commandsIn(ran.stdout).filter((line) => /^elb-proxy undo \d/.test(line));
    expect(undo).toContain(`--profile 'my$HOME;ops' --endpoint-url ${service.endpoint}`);
    const shell = `elb-proxy() { "${process.execPath}" "${bin}" "$@"; }\n${undo} --yes`;
    await promisify(execFile)('bash', ['-c', shell], {
      env: { PATH: process.env['PATH'], ELB_PROXY_STATE_DIR: options.stateDirectory, ...options.env },
    });
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth']);
  });

  it.each(['text', 'markdown', 'commands'])(
    'carry the profile and the endpoint in a plan as %s',
    async (output) => {
      await using service = await startService();
      const options = await ownProfile();
      const argv = ['enable', 'web', '--port', '8443', '--dry-run', '-o', output];
      const where = ['--profile', profile, '--region', 'us-east-1', '--endpoint-url', service.endpoint];
      const ran = await elbProxyHere([...argv, ...where], options);
      expect(ran).toMatchObject({ code: 0 });
      const commands = commandsIn(ran.stdout).filter(
        (line) => !/^elb-proxy would|^elb-proxy instead/.test(line),
      );
      expect(commands.length).toBeGreaterThan(0);
      for (const command of commands) {
        expect(command).toContain(`--profile 'my$HOME;ops'`);
        expect(command).toContain(`--endpoint-url ${service.endpoint}`);
      }
    },
  );

  it('carry them in errors, in leftovers and in what was cut off', async () => {
    await using service = await startService();
    const options = await ownProfile();
    const where = ['--profile', profile, '--endpoint-url'];
    const none = await elbProxyHere(['status', 'nope', '-o', 'json', ...where, service.endpoint], options);
    expect(none.json().error.hint).toContain(`--profile 'my$HOME;ops' --endpoint-url ${service.endpoint}`);
    // The list is refused, and so is the policy's deletion on the way back.
    await using relay = await startRelay(service.endpoint, async ({ action }) =>
      /^(Set|Delete)/.test(action) ? { error: 'AccessDenied', status: 403 } : 'pass',
    );
    const argv = ['enable', 'web', '--port', '8443', '--yes', '-o', 'json'];
    const refused = await elbProxyHere([...argv, ...where, relay.endpoint], options);
    expect(refused.json().leftovers[0].command).toBe(
      `aws elb delete-load-balancer-policy --region us-east-1 --endpoint-url ${relay.endpoint} --profile 'my$HOME;ops' --load-balancer-name web --policy-name ProxyProtocol-enabled`,
    );
  });
});
