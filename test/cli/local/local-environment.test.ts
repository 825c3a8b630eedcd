import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { environmentFor, exportLines } from '../../../src/cli/local/local-environment.js';
import { changeIdSchema } from '../../../src/core/plan-schema.js';
import { newChangeId } from '../../../src/journal/new-change-id.js';

describe('the environment of a command that is to use the local endpoint', () => {
  const made = environmentFor(
    {
      PATH: '/bin',
      AWS_PROFILE: 'prod',
      AWS_DEFAULT_PROFILE: 'prod',
      AWS_SESSION_TOKEN: 'secret',
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
      AWS_ACCESS_KEY_ID: 'AKIAREAL',
      AWS_SECRET_ACCESS_KEY: 'real',
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING: 'https://elsewhere',
      AWS_CONFIG_FILE: '/etc/aws',
    },
    'http://127.0.0.1:4580',
    'us-east-1',
  );

  it('points every client at it, with dummy credentials and a region', () => {
    expect(made).toMatchObject({
      AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING: 'http://127.0.0.1:4580',
      AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2: 'http://127.0.0.1:4580',
      AWS_ENDPOINT_URL_EC2: 'http://127.0.0.1:4580',
      AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:4580',
      AWS_ENDPOINT_URL_CLOUDWATCH: 'http://127.0.0.1:4580',
      AWS_ENDPOINT_URL_SSM: 'http://127.0.0.1:4580',
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_EC2_METADATA_DISABLED: 'true',
    });
  });

  it("holds nothing of the user's that would override it, and no real credentials", () => {
    expect(Object.keys(made)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/PROFILE|SESSION_TOKEN|IGNORE_CONFIGURED/)]),
    );
    expect(Object.values(made)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/AKIA|real|secret/)]),
    );
  });

  it('keeps everything else', () => {
    expect(made).toMatchObject({ PATH: '/bin', AWS_CONFIG_FILE: '/etc/aws' });
  });
});

describe('where a proxy is set', () => {
  it.each([
    [{ HTTP_PROXY: 'http://proxy:3128' }, '127.0.0.1'],
    [{ HTTP_PROXY: 'http://proxy:3128', NO_PROXY: 'corp.example' }, 'corp.example,127.0.0.1'],
    [{ http_proxy: 'http://proxy:3128', no_proxy: 'lower', NO_PROXY: 'upper' }, 'lower,127.0.0.1'],
    [{ HTTP_PROXY: 'http://proxy:3128', NO_PROXY: '*' }, '*'],
  ])('it is not asked for the local endpoint: %j', (env, exceptions) => {
    expect(environmentFor(env, 'http://127.0.0.1:4580', 'us-east-1')).toMatchObject({
      no_proxy: exceptions,
      NO_PROXY: exceptions,
    });
  });
});

describe('the lines for another terminal', () => {
  const endpoint = 'http://127.0.0.1:45800';
  /** What a shell that runs the lines has. */
  const after = (env: Readonly<Record<string, string>>) =>
    JSON.parse(
      execFileSync(
        'sh',
        [
          '-c',
          `${exportLines(env, endpoint, 'ap-southeast-1').join('\n')}\n"$NODE" -p 'JSON.stringify(process.env)'`,
        ],
        {
          env: { ...env, NODE: process.execPath },
          encoding: 'utf8',
        },
      ),
    ) as Readonly<Record<string, string>>;

  it('set what a command behind -- gets, each variable of it', () => {
    const { no_proxy: _lower, NO_PROXY: _upper, ...whole } = environmentFor({}, endpoint, 'ap-southeast-1');
    expect(Object.keys(whole).length).toBeGreaterThan(10);
    expect(after({})).toMatchObject(whole);
  });

  it('fit into 80 columns with the two that they are indented by', () => {
    for (const line of exportLines({}, endpoint, 'ap-southeast-1')) expect(line.length).toBeLessThan(78);
  });

  it('take away what would win over them, and keep a proxy out', () => {
    const env = {
      AWS_PROFILE: 'prod',
      AWS_SESSION_TOKEN: 'x',
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
      HTTPS_PROXY: 'http://proxy:3128',
      NO_PROXY: "a b'c",
    };
    const found = after(env);
    expect(Object.keys(found)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/PROFILE|SESSION_TOKEN|IGNORE_CONFIGURED/)]),
    );
    expect(found).toMatchObject({ NO_PROXY: "a b'c,127.0.0.1", no_proxy: "a b'c,127.0.0.1" });
  });

  it('take nothing away where nothing is in the way', () => {
    expect(exportLines({ PATH: '/bin' }, endpoint, 'ap-southeast-1').join()).not.toMatch(/unset|proxy/i);
  });
});

describe('a change id', () => {
  it('sorts by the time of its change, in UTC', () => {
    expect(newChangeId(new Date('2026-11-23T15:30:12.999Z'))).toMatch(/^20261123-153012-[0-9a-f]{6}$/);
  });

  it('is unique even at the same instant, and fits the journal and plans', () => {
    const ids = Array.from({ length: 50 }, () => newChangeId(new Date(0)));
    expect(new Set(ids).size).toBe(50);
    for (const id of ids) expect(changeIdSchema.parse(id)).toBe(id);
  });
});
