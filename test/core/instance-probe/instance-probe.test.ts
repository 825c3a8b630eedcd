import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { documentHashes, documentText, probeDocument } from '../../../src/core/instance-probe/document.js';
import {
  type ProbeParameters,
  parameterPatterns,
  parametersOf,
  scriptWith,
  wrongParameter,
} from '../../../src/core/instance-probe/parameters.js';
import { probeScript } from '../../../src/core/instance-probe/script.js';
import { scriptAddress } from '../../../src/core/instance-probe/script-address.js';

const good: ProbeParameters = { Addresses: '10.0.0.5', Port: '8443', Exchanges: 'N/*/9//4845////3/1' };

describe('the script of an instance', () => {
  it('is at most 4 kB of plain ASCII, and its engines hold no quote that would end them', () => {
    expect(Buffer.byteLength(probeScript)).toBeLessThanOrEqual(4096);
    expect(probeScript).toMatch(/^[\n -~]*$/);
    const [, python = '', bash = ''] = /\nY='([^']*)'\nZ='([^']*)'\nfor /.exec(probeScript) ?? [];
    expect([python.startsWith('import sys'), bash.includes('/dev/tcp/')]).toEqual([true, true]);
  });

  it('has no place for a parameter but the three at its top, each in single quotes', () => {
    expect(probeScript.match(/\{\{\w+\}\}/g)).toEqual(['{{Addresses}}', '{{Port}}', '{{Exchanges}}']);
    expect(probeScript.split('\n')[0]).toBe("A='{{Addresses}}' P='{{Port}}' X='{{Exchanges}}'");
  });

  it('is known again with its parameters, byte for byte', () => {
    const text = scriptWith(good);
    expect(parametersOf(text)).toEqual(good);
    for (const other of [
      `${text}\n`,
      `${text}touch /tmp/x\n`,
      text.slice(0, -1),
      ` ${text}`,
      text.replace('set -f', 'set +f'),
      text.replace("P='8443'", "P='8443';id;Q=''"),
      text.replace('8443', '8443\n'),
      text.replaceAll('\n', '\r\n'),
      '',
    ])
      expect(parametersOf(other), other.slice(0, 80)).toBeUndefined();
  });

  it.each<readonly [name: keyof ProbeParameters, value: string]>([
    ['Addresses', "10.0.0.5';id;'"],
    ['Addresses', '10.0.0.5 10.0.0.6'],
    ['Addresses', '$(id)'],
    ['Addresses', '0.0.0.0'],
    ['Addresses', '010.0.0.1'],
    ['Addresses', '::1'],
    ['Addresses', Array.from({ length: 51 }, () => '10.0.0.5').join(',')],
    ['Addresses', ''],
    ['Port', '0'],
    ['Port', '123456'],
    ['Port', '22;id'],
    ['Port', '-1'],
    ['Exchanges', "N/'/1"],
    ['Exchanges', 'N/`id`/1'],
    ['Exchanges', 'N/$IFS/1'],
    ['Exchanges', 'N/\n/1'],
    ['Exchanges', 'N/"/1'],
    ['Exchanges', 'N/\\/1'],
    ['Exchanges', 'N/|/1'],
    ['Exchanges', 'N/>x/1'],
    ['Exchanges', 'N/{{x}}/1'],
    ['Exchanges', ''],
  ])('takes no %s like %j', (name, value) => {
    expect(wrongParameter({ ...good, [name]: value })).toBe(name);
    expect(() => scriptWith({ ...good, [name]: value })).toThrow(RangeError);
  });

  it('takes no parameter of another name, and none that is missing', () => {
    expect(wrongParameter({ ...good, Commands: 'id' })).toBe('Commands');
    expect(wrongParameter({ Addresses: '10.0.0.5', Port: '1' })).toBe('Exchanges');
  });
});

describe('the document of an instance', () => {
  it('is the script, with the patterns of its parameters', () => {
    const [{ action, inputs, precondition }] = probeDocument.mainSteps;
    expect(action).toBe('aws:runShellScript');
    expect(`${inputs.runCommand.join('\n')}\n`).toBe(probeScript);
    expect(precondition).toEqual({ StringEquals: ['platformType', 'Linux'] });
    for (const [name, pattern] of Object.entries(parameterPatterns))
      expect(probeDocument.parameters[name as keyof ProbeParameters].allowedPattern).toBe(pattern);
  });

  it('names its version and its script’s hash', () => {
    const hash = createHash('sha256').update(probeScript).digest('hex');
    expect(probeDocument.description).toContain(`version 1`);
    expect(probeDocument.description).toContain(hash);
    expect(documentHashes).toContain(createHash('sha256').update(documentText).digest('hex'));
    expect(documentHashes).toContain(createHash('sha256').update(documentText.trimEnd()).digest('hex'));
  });
});

it.each([
  ['10.0.0.5', '10.0.0.5'],
  ['::1', '0000:0000:0000:0000:0000:0000:0000:0001'],
  ['2600:1f18:12::5', '2600:1f18:0012:0000:0000:0000:0000:0005'],
  ['fd00:ec2::1:2', 'fd00:0ec2:0000:0000:0000:0000:0001:0002'],
  ['1:2:3:4:5:6:7:8', '0001:0002:0003:0004:0005:0006:0007:0008'],
  ['1:2:3:4:5:6:7::', '0001:0002:0003:0004:0005:0006:0007:0000'],
  ['fe80::1%eth0', undefined],
  ['1::2::3', undefined],
  ['1:2:3:4:5:6:7', undefined],
  ['1:2:3:4:5:6:7:8:9', undefined],
  ['::12345', undefined],
  ['name', undefined],
  ["1'", undefined],
])('the address %s is %s to the script', (address, expected) => {
  expect(scriptAddress(address)).toBe(expected);
});
