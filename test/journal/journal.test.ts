import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, chmod, mkdir, mkdtemp, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Intent, stepsFor } from '../../src/core/change.js';
import { hazards } from '../../src/core/hazards.js';
import { foldHistory } from '../../src/core/history.js';
import { plan, planChange } from '../../src/core/plan.js';
import type { JournalRecord } from '../../src/core/record.js';
import { instancePorts } from '../../src/core/status.js';
import { openJournal } from '../../src/journal/journal.js';
import { journalRecordSchema } from '../../src/journal/record-schema.js';
import { loadBalancerArbitrary } from '../core/arbitraries.js';
import { lists, proxy, web } from '../core/builders.js';
import { fc } from '../helpers/fast-check.js';

const holder = { pid: 42, host: 'here' };
const open = (directory: string, alive = () => false) =>
  openJournal({ directory, holder, look: () => ({ alive: alive() }) });

let directory: string;
let path: string;
beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'elb-proxy-journal-')), 'state', 'elb-proxy');
  path = join(directory, 'journal.jsonl');
});

const set = {
  call: 'SetLoadBalancerPoliciesForBackendServer',
  instancePort: 8443,
  before: [],
  after: ['p'],
} as const;
const at = '2026-11-23T10:00:00.000Z';
const begin = (changeId = 'c'): JournalRecord => ({
  formatVersion: 1,
  record: 'begin',
  changeId,
  at,
  holder,
  plan: plan('enable', [planChange(web(), [8443], [set], [])], { tool: 't', createdAt: new Date(0) }),
});
const write = (changeId = 'c'): JournalRecord => ({
  formatVersion: 1,
  record: 'write',
  changeId,
  at,
  change: 0,
  step: 0,
  direction: 'forward',
  send: set,
});
const end = (changeId = 'c'): JournalRecord => ({
  formatVersion: 1,
  record: 'end',
  changeId,
  at,
  outcome: 'applied',
});

/** The journal itself as a program: appends 25 records to a directory's journal, one after the other. */
async function appendingProgram(): Promise<string> {
  const journal = fileURLToPath(new URL('../../src/journal/journal.ts', import.meta.url));
  const outfile = join(await mkdtemp(join(tmpdir(), 'elb-proxy-append-')), 'append.mjs');
  await build({
    stdin: {
      contents: `
        import { openJournal } from ${JSON.stringify(journal)};
        const [, , directory, record, run] = process.argv;
        const holder = { pid: process.pid, host: 'here' };
        const journal = openJournal({ directory, holder, look: () => ({ alive: false }) });
        for (let nth = 0; nth < 25; nth++)
          await journal.append({ ...JSON.parse(record), changeId: \`\${run}-\${nth}\` });`,
      resolveDir: fileURLToPath(new URL('../..', import.meta.url)),
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    outfile,
    logLevel: 'error',
  });
  return outfile;
}

describe('what is appended', () => {
  it('is read back the same, in the same order, by another run', async () => {
    const { send: _send, ...step } = write() as Extract<JournalRecord, { record: 'write' }>;
    const records: readonly JournalRecord[] = [
      begin(),
      write(),
      { ...step, record: 'written', effect: 'done', requestId: 'r-1' },
      { ...step, record: 'written', effect: 'none', errorCode: 'Throttling', direction: 'back' },
      end(),
    ];
    const journal = open(directory);
    for (const record of records) await journal.append(record);
    const read = await open(directory).read();
    expect(read).toMatchObject({ records: JSON.parse(JSON.stringify(records)), warnings: [], lost: [] });
    expect(read.records).toEqual(JSON.parse(JSON.stringify(records)));
  });

  it('is one line of the file each, and the lines before it stay as they are', async () => {
    const journal = open(directory);
    await journal.append(begin());
    const before = await readFile(path, 'utf8');
    await journal.append(end());
    const after = await readFile(path, 'utf8');
    expect(after.startsWith(before)).toBe(true);
    expect(after.split('\n')).toHaveLength(3);
    expect(after.endsWith('\n')).toBe(true);
  });

  it('is for its owner alone: directory 0700, file 0600', async () => {
    await open(directory).append(begin());
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await chmod(path, 0o644);
    await open(directory).append(begin());
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('may hold any character in a name, and stays one line', async () => {
    const odd = 'a\u2028b \u{1F600} "quoted" \\ end';
    const loadBalancer = web({ policies: [proxy('p')], backendServers: lists({ 8443: [odd] }) });
    const step = { ...set, before: [odd], after: [odd, 'p'] };
    const record = {
      ...begin(),
      plan: plan('enable', [planChange(loadBalancer, [8443], [step], [])], {
        tool: 't',
        createdAt: new Date(0),
      }),
    } as JournalRecord;
    const journal = open(directory);
    await journal.append(record);
    await journal.append(end());
    expect(await journal.read()).toMatchObject({
      warnings: [],
      records: [{ record: 'begin' }, { record: 'end' }],
    });
    expect((await journal.read()).records[0]).toEqual(JSON.parse(JSON.stringify(record)));
  });
});

describe('a change that could not be read back', () => {
  it('does not begin: the error names the field and the value', async () => {
    const step = { ...set, before: ['a\nb'], after: ['a\nb', 'p'] };
    const record = {
      ...begin(),
      plan: plan('enable', [planChange(web(), [8443], [step], [])], { tool: 't', createdAt: new Date(0) }),
    } as JournalRecord;
    await expect(open(directory).append(record)).rejects.toMatchObject({
      code: 'journal',
      message: expect.stringContaining(
        'changes[0].steps[0].before[0] is wrong: a name has no control characters (found "a\\nb")',
      ) as string,
      hint: expect.stringContaining('leave out this load balancer') as string,
    });
    expect(existsSync(path)).toBe(false);
  });
});

describe('a journal that is not there yet', () => {
  it('is empty, and reading does not make one', async () => {
    expect(await open(directory).read()).toMatchObject({ records: [], warnings: [] });
    await expect(stat(directory)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a line that was torn', () => {
  it('is skipped with a warning that names line and file, and what was whole is read', async () => {
    const journal = open(directory);
    await journal.append(begin());
    await appendFile(path, JSON.stringify(write()).slice(0, 60));
    const { records, warnings } = await journal.read();
    expect(records).toHaveLength(1);
    expect(warnings).toEqual([`line 2 of ${path} was skipped: it is not a complete JSON record`]);
  });

  it('is never glued to the next record, nor removed', async () => {
    const journal = open(directory);
    await journal.append(begin());
    const torn = JSON.stringify(write()).slice(0, 60);
    await appendFile(path, torn);
    const before = await readFile(path, 'utf8');
    await journal.append(end());
    await journal.append(begin('d'));
    expect((await readFile(path, 'utf8')).startsWith(`${before}\n{`)).toBe(true);
    const { records, warnings } = await journal.read();
    expect(records.map(({ record, changeId }) => [record, changeId])).toEqual([
      ['begin', 'c'],
      ['end', 'c'],
      ['begin', 'd'],
    ]);
    expect(warnings).toHaveLength(1);
  });

  it('a line that was torn at any byte loses that record alone', async () => {
    const line = JSON.stringify(write());
    await open(directory).append(begin());
    const whole = await readFile(path, 'utf8');
    for (let cut = 1; cut < line.length; cut += 7) {
      await writeFile(path, whole + line.slice(0, cut));
      await open(directory).append(end());
      const { records, warnings } = await open(directory).read();
      expect(records.map(({ record }) => record)).toEqual(['begin', 'end']);
      expect(warnings).toHaveLength(1);
    }
  });
});

describe('a line that is not a record', () => {
  const unknown = 'it is not a record that this version knows';
  const json = (change: object) => JSON.stringify({ ...end(), ...change });
  it.each([
    ['garbage', 'hello', 'it is not a complete JSON record'],
    ['NUL bytes, as a crash of the machine leaves', '\0'.repeat(64), 'it is not a complete JSON record'],
    ['another version', json({ formatVersion: 2 }), unknown],
    ['another kind', json({ record: 'note' }), unknown],
    ['null', 'null', unknown],
    ['a list', '[]', unknown],
    ['an outcome that there is not', json({ outcome: 'great' }), unknown],
    ['a time that is none', json({ at: 'yesterday' }), unknown],
    ['a change id with a path in it', json({ changeId: '../../etc' }), unknown],
    [
      'a write of a call that this tool does not make',
      JSON.stringify({ ...write(), send: { call: 'DeleteLoadBalancer' } }),
      unknown,
    ],
  ])('(%s) is skipped and said, those around it are read', async (_what, line, why) => {
    const journal = open(directory);
    await journal.append(begin());
    await appendFile(path, `${line}\n`);
    await journal.append(end());
    const { records, warnings } = await journal.read();
    expect(records.map(({ record }) => record)).toEqual(['begin', 'end']);
    expect(warnings).toEqual([`line 2 of ${path} was skipped: ${why}`]);
  });

  it('an empty line does not count as a line', async () => {
    const journal = open(directory);
    await journal.append(begin());
    await appendFile(path, '\n\n  \n');
    await journal.append(end());
    expect(await journal.read()).toMatchObject({ warnings: [], records: { length: 2 } });
  });

  it('although it is 20 MB long does not keep the others from being read', async () => {
    const journal = open(directory);
    await journal.append(begin());
    await appendFile(path, `${'x'.repeat(20 * 1024 * 1024)}\n`);
    await journal.append(end());
    const { records, warnings } = await journal.read();
    expect(records).toHaveLength(2);
    expect(warnings[0]?.length).toBeLessThan(300);
  });

  it('a line with a key that a later version added is a record all the same', async () => {
    await mkdir(directory, { recursive: true });
    await writeFile(path, `${json({ host: 'x' })}\n`);
    const { records, warnings } = await open(directory).read();
    expect(records).toMatchObject([{ record: 'end' }]);
    // Its beginning is nowhere, which is said.
    expect(warnings).toEqual([expect.stringContaining('change c, of which')]);
  });
});

describe('a journal that can’t be written', () => {
  it('is an error of code journal that names the file and the way out', async () => {
    await mkdir(join(directory, '..'), { recursive: true });
    await writeFile(directory, 'a file where the directory should be');
    await expect(open(directory).append(begin())).rejects.toMatchObject({
      code: 'journal',
      fault: 'user',
      message: expect.stringContaining(path),
      hint: expect.stringContaining('ELB_PROXY_STATE_DIR'),
    });
  });

  it.runIf(existsSync('/proc/self'))(
    'because its directory can’t be made is the same error, at once',
    async () => {
      const nowhere = join('/proc', 'elb-proxy');
      await expect(open(nowhere).append(begin())).rejects.toMatchObject({
        code: 'journal',
        message: expect.stringContaining('ENOENT'),
      });
    },
  );

  it('because a link is there instead is the same error, and its target is neither created nor read', async () => {
    const elsewhere = join(directory, '..', 'elsewhere.txt');
    await mkdir(directory, { recursive: true });
    await symlink(elsewhere, path);
    const message = expect.stringContaining('it is a symbolic link, which is not followed');
    await expect(open(directory).append(begin())).rejects.toMatchObject({ code: 'journal', message });
    expect(existsSync(elsewhere)).toBe(false);
    await writeFile(elsewhere, `${JSON.stringify(end())}\n`);
    await expect(open(directory).read()).rejects.toMatchObject({ code: 'journal', message });
  });

  it.skipIf(process.platform === 'win32')(
    'because a pipe is there instead is the same error, at once',
    async () => {
      await mkdir(directory, { recursive: true });
      execFileSync('mkfifo', [path]);
      const message = expect.stringContaining('it is not a regular file');
      await expect(open(directory).append(begin())).rejects.toMatchObject({ code: 'journal', message });
      await expect(open(directory).read()).rejects.toMatchObject({ code: 'journal', message });
    },
  );

  it('because a directory is there instead is the same error, for reading too', async () => {
    await mkdir(path, { recursive: true });
    await expect(open(directory).append(begin())).rejects.toMatchObject({ code: 'journal' });
    await expect(open(directory).read()).rejects.toMatchObject({
      code: 'journal',
      message: expect.stringContaining("can't be read"),
    });
  });
});

describe('runs side by side', () => {
  it('leave every line whole, also at 100 appends at once', async () => {
    const journals = Array.from({ length: 10 }, () => open(directory));
    await Promise.all(
      journals.flatMap((journal, run) =>
        Array.from({ length: 10 }, (_, nth) => journal.append(begin(`run-${run}-${nth}`))),
      ),
    );
    const { records, warnings } = await open(directory).read();
    expect(warnings).toEqual([]);
    expect(new Set(records.map(({ changeId }) => changeId)).size).toBe(100);
  });

  it('runs side by side as processes of their own leave every line whole, each in its own order', async () => {
    const program = await appendingProgram();
    await Promise.all(
      Array.from(
        { length: 4 },
        (_, nth) =>
          new Promise<void>((resolve, reject) => {
            const other = spawn(process.execPath, [
              program,
              directory,
              JSON.stringify(begin()),
              `run-${nth}`,
            ]);
            other.once('error', reject);
            other.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`exit ${code}`))));
          }),
      ),
    );
    const { records, warnings } = await open(directory).read();
    expect(warnings).toEqual([]);
    for (let nth = 0; nth < 4; nth++) {
      const own = records.map(({ changeId }) => changeId).filter((id) => id.startsWith(`run-${nth}-`));
      expect(own).toEqual(Array.from({ length: 25 }, (_, one) => `run-${nth}-${one}`));
    }
  });
});

describe('for every plan that this tool makes', () => {
  it('the record of its beginning can be read again: else it could not be undone', () => {
    const intent = (ports: readonly number[]): fc.Arbitrary<Intent> =>
      fc.oneof(
        fc.constant({ action: 'enable' as const, instancePorts: ports }),
        fc.constant({ action: 'disable' as const, instancePorts: ports, deletePolicy: true }),
      );
    fc.assert(
      fc.property(
        loadBalancerArbitrary.chain((loadBalancer) =>
          intent(instancePorts(loadBalancer)).map((wanted) => ({ loadBalancer, wanted })),
        ),
        ({ loadBalancer, wanted }) => {
          const result = stepsFor(loadBalancer, wanted);
          if ('nameTaken' in result) return;
          const { instancePorts: ports } = wanted;
          const found = hazards(loadBalancer, { purpose: 'on', instancePorts: ports, asked: true });
          const record = {
            ...begin(),
            plan: plan(wanted.action, [planChange(loadBalancer, ports, result.steps, found)], {
              tool: 't',
              createdAt: new Date(0),
            }),
          };
          const read = journalRecordSchema.parse(JSON.parse(JSON.stringify(record)));
          expect(read).toEqual(JSON.parse(JSON.stringify(record)));
          expect(foldHistory([read])).toHaveLength(1);
        },
      ),
    );
  });
});
