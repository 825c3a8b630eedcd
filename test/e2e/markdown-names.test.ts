import { expect, it } from 'vitest';
import { printable } from '../../src/render/printable.js';
import { temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { startRelay } from '../helpers/relay.js';
import { startService } from '../helpers/service.js';
import { hostileNames } from '../render/hostile.js';
import { expectSafe } from '../render/markdown-page.js';

/** XML can't carry half a surrogate pair, and a policy has a name. */
const possible = hostileNames.filter((name) => name.trim() !== '' && name !== '\ud800');
const printableNames = possible.filter((name) => !/\p{Cc}/u.test(name));
const withControls = possible.filter((name) => /\p{Cc}/u.test(name));

/** Stands for what the service says of itself. */
const dnsName = 'evil.example|<b>@team</b>';

/** Text in XML; the SDK does not read references beyond U+FFFF, so what needs none gets none. */
function xmlText(text: string): string {
  return text.replaceAll(/[<>&"\p{Cc}\p{Cf}]/gu, (character) => `&#${character.codePointAt(0) ?? 0};`);
}

/** A service that is not AWS: it has policies of names that AWS would not take, on a port with all of them. */
async function startHostileService(names: readonly string[]) {
  const tame = names.map((_, index) => `tame-${index}-name`);
  const service = await startService({
    loadBalancers: [
      {
        name: 'web',
        listeners: [{ protocol: 'TCP', loadBalancerPort: 443, instancePort: 8443 }],
        policies: tame.flatMap((name) => [
          {
            policyName: `key-${name}`,
            policyTypeName: 'PublicKeyPolicyType',
            attributes: { PublicKey: 'MIIB' },
          },
          {
            policyName: name,
            policyTypeName: 'BackendServerAuthenticationPolicyType',
            attributes: { PublicKeyPolicyName: `key-${name}` },
          },
        ]),
        backendPolicies: [{ instancePort: 8443, policyNames: tame }],
      },
    ],
  });
  const relay = await startRelay(service.endpoint, async ({ parameters }) => {
    for (const [key, value] of parameters) {
      const index = names.indexOf(value);
      if (index >= 0) parameters.set(key, tame[index] ?? '');
    }
    const answer = await fetch(service.endpoint, { method: 'POST', body: parameters });
    const text = await answer.text();
    const body = text
      .replaceAll(/>tame-(\d+)-name</g, (_, index) => `>${xmlText(names[Number(index)] ?? '')}<`)
      .replaceAll(/(?<=<DNSName>)[^<]*/g, xmlText(dnsName));
    return { status: answer.status, body };
  });
  return { service, relay };
}

it('names that only another service than AWS has change nothing but the text of a page, and survive the change', async () => {
  const { service, relay } = await startHostileService(printableNames);
  await using _service = service;
  await using _relay = relay;
  const stateDirectory = await temporaryDirectory();
  const page = async (argv: readonly string[], endpoint = relay.endpoint) => {
    const ran = await elbProxyHere([...argv, '-o', 'markdown'], { endpoint, stateDirectory });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    return expectSafe(ran.stdout);
  };
  const hostilePage = async (...argv: string[]) => {
    const read = await page(argv);
    const boxes = read.drawings.flatMap(({ labels }) =>
      [...labels.values()].flatMap((label) => label.split('\n')),
    );
    for (const name of printableNames.map((each) => printable(each))) {
      expect(read.spans).toContain(name.replaceAll('|', String.raw`\u007c`));
      expect(boxes.map((box) => box.trim())).toContain(name.trim());
    }
    return read;
  };
  const before = await service.listOf(8443);
  expect(before).toHaveLength(printableNames.length);

  for (const argv of [
    ['status', 'web'],
    ['enable', 'web', '--port', '8443', '--dry-run'],
  ]) {
    const { outline } = await hostilePage(...argv);
    expect((await page(argv, service.endpoint)).outline).toEqual(outline);
  }
  await hostilePage('enable', 'web', '--port', '8443', '--yes');
  expect(await service.listOf(8443)).toEqual([...before, 'ProxyProtocol-enabled']);
  await hostilePage('disable', 'web', '--port', '8443', '--dry-run');
  await hostilePage('undo', '--dry-run');
  await hostilePage('undo', '--yes');
  expect(await service.listOf(8443)).toEqual(before);
});

it.each(withControls)(
  'a name that could not be undone stops the change before any write: %j',
  async (name) => {
    const { service, relay } = await startHostileService([name]);
    await using _service = service;
    await using _relay = relay;
    const stateDirectory = await temporaryDirectory();
    const options = { endpoint: relay.endpoint, stateDirectory };
    const dry = await elbProxyHere(
      ['enable', 'web', '--port', '8443', '--dry-run', '-o', 'markdown'],
      options,
    );
    expect((await expectSafe(dry.stdout)).spans).toContain(
      printable(name).replaceAll('|', String.raw`\u007c`),
    );
    const ran = await elbProxyHere(['enable', 'web', '--port', '8443', '--yes', '-o', 'json'], options);
    expect(ran.code).toBe(1);
    expect(ran.json().error).toMatchObject({ code: 'journal' });
    expect(ran.stderr).toContain('a name has no control characters');
    expect(relay.writes()).toEqual([]);
  },
);
