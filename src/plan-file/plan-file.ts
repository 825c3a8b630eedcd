import { open } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import { planDigest } from '../core/digest.js';
import { firstIssue } from '../core/first-issue.js';
import { nextCommand } from '../core/next-command.js';
import { type Plan, planFormatVersion } from '../core/plan.js';
import { ElbProxyError, reasonOf } from '../errors.js';
import { contradiction } from './contradiction.js';

/** Ten thousand load balancers, a port of each, are some 17 MB; a file beyond it is not read at all. */
const mostBytes = 40 * 1024 * 1024;

/**
 * Writes a plan for `apply`, whole or not at all, readable only by its owner: it names an account's resources.
 * @throws ElbProxyError of code `invalid-plan` if the file can't be written, or `apply` would not take it
 */
export async function writePlanFile(path: string, plan: Plan): Promise<void> {
  const { planSchema } = await import('../core/plan-schema.js');
  const { error } = planSchema.safeParse(plan);
  const text = `${JSON.stringify(plan, null, 2)}\n`;
  const wrong = error === undefined ? tooLong(text) : firstIssue(error, plan);
  if (wrong !== undefined) {
    const what = `was not written, because apply would not accept it: ${wrong}`;
    throw invalid(path, what, 'leave out the load balancer in question, or plan fewer at a time', error);
  }
  try {
    await writeFileAtomic(path, text, { mode: 0o600 });
  } catch (cause) {
    throw invalid(path, `can't be written: ${reasonOf(cause)}`, 'choose another file with --out', cause);
  }
}

/** The plan file's name that means standard input. */
const standardInput = '-';

/**
 * Reads a plan file, which is untrusted input. Its shape is checked against the schema, its digest against its
 * content. Whether it still fits the world is for the run to find out.
 *
 * @param stdin the stream that `-` means; without it, `-` is a file like any other
 * @throws ElbProxyError of code `invalid-plan` that names the field that is wrong
 */
export async function readPlanFile(path: string, stdin?: AsyncIterable<Buffer | string>): Promise<Plan> {
  const data = parse(path, await read(path, path === standardInput ? stdin : undefined));
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    throw invalid(path, 'does not contain a plan: it is not a JSON object');
  if ('error' in data && !('changes' in data))
    throw invalid(path, 'holds the error of a dry run that failed, not a plan');
  const unfit = (what: string): ElbProxyError =>
    invalid(path, what, `make a new plan with: ${planCommand(data)}`);
  if (!('formatVersion' in data) || data.formatVersion !== planFormatVersion) {
    const found = 'formatVersion' in data ? JSON.stringify(data.formatVersion)?.slice(0, 40) : 'none';
    throw unfit(`formatVersion is ${found}; this version of elb-proxy reads ${planFormatVersion}`);
  }
  const { planSchema } = await import('../core/plan-schema.js');
  const parsed = planSchema.safeParse(data);
  if (!parsed.success) throw unfit(firstIssue(parsed.error, data) ?? 'is not a plan');
  const plan = parsed.data;
  const wrong = contradiction(plan);
  if (wrong !== undefined) throw unfit(wrong);
  if (planDigest(plan) !== plan.digest) {
    throw unfit('digest does not match its content: it was edited or truncated after it was made');
  }
  return plan;
}

async function read(path: string, piped: AsyncIterable<Buffer | string> | undefined): Promise<string> {
  try {
    if (piped !== undefined) return await textOf(path, piped);
    await using file = await open(path);
    const { size } = await file.stat();
    if (size > mostBytes) throw tooLarge(path, `is ${megabytes(size)} MB large`);
    return await textOf(path, file.createReadStream({ autoClose: false }));
  } catch (cause) {
    if (cause instanceof ElbProxyError) throw cause;
    throw invalid(path, `can't be read: ${reasonOf(cause)}`, `make one with: ${planCommand()}`, cause);
  }
}

/** A pipe or a device says nothing about its size. */
async function textOf(path: string, stream: AsyncIterable<Buffer | string>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const data of stream) {
    const chunk = Buffer.from(data);
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > mostBytes) throw tooLarge(path, 'has no end');
  }
  // Some editors and shells put a byte order mark in front.
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
}

function tooLong(text: string): string | undefined {
  const bytes = Buffer.byteLength(text);
  return bytes > mostBytes
    ? `it is ${megabytes(bytes)} MB large, and no plan is over ${megabytes(mostBytes)} MB`
    : undefined;
}

function tooLarge(path: string, what: string): ElbProxyError {
  return invalid(path, `${what}; no plan is over ${megabytes(mostBytes)} MB`);
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(0);
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(
      path,
      `is not valid JSON, or is truncated: ${reasonOf(cause).slice(0, 120)}`,
      undefined,
      cause,
    );
  }
}

function invalid(
  path: string,
  what: string,
  hint = `make a new plan with: ${planCommand()}`,
  cause?: unknown,
): ElbProxyError {
  const where = path === standardInput ? 'plan on standard input' : `plan file ${path}`;
  return new ElbProxyError(`${where}: ${what}`, {
    code: 'invalid-plan',
    fault: 'user',
    hint,
    cause,
  });
}

/** How a plan is made, of the kind that this one looks like. */
function planCommand(plan: object = {}): string {
  const out = { 'dry-run': true, out: 'FILE' } as const;
  const { action, changes }: { readonly action?: unknown; readonly changes?: unknown } = plan;
  if (action === 'undo') return nextCommand('undo', [], out);
  const isNetwork = Array.isArray(changes) && changes.some(isOfGroup);
  const chosen = isNetwork ? { 'target-group': 'GROUP' } : { port: 'N' };
  return nextCommand(action === 'disable' ? 'disable' : 'enable', ['NAME'], { ...chosen, ...out });
}

/** Whether a change is, or was to be, one of a target group. Within a text the quotation marks would be escaped. */
function isOfGroup(change: unknown): boolean {
  return /"targetGroup":|"kind":"network"/.test(JSON.stringify(change) ?? '');
}
