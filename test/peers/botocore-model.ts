import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** A shape of an API's model, as botocore writes it. */
export interface Shape {
  readonly type: 'structure' | 'list' | 'string' | 'integer' | 'long' | 'boolean' | 'timestamp';
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly member?: { readonly shape: string };
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly error?: { readonly code: string; readonly httpStatusCode: number };
}

/** An operation of an API's model. */
export interface Operation {
  readonly name: string;
  readonly input: { readonly shape: string };
  readonly output?: { readonly shape: string; readonly resultWrapper: string };
  readonly errors?: readonly { readonly shape: string }[];
}

/** An API's model. */
export interface Model {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

// Where Debian's awscli and python3-botocore have it.
const folders = ['/usr/lib/python3/dist-packages/awscli/botocore', '/usr/lib/python3/dist-packages/botocore'];

/**
 * botocore's model of an ELB API, the Classic one by default, or undefined on a machine without it. Where CI is `true` that is an error: a
 * check that never runs checks nothing. `ELB_PROXY_BOTOCORE` names another folder to look in.
 */
export function findModel(api = 'elb/2012-06-01'): Model | undefined {
  for (const folder of [process.env['ELB_PROXY_BOTOCORE'], ...folders]) {
    if (folder === undefined) continue;
    const path = join(folder, 'data', api, 'service-2.json');
    if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as Model;
    if (existsSync(`${path}.gz`))
      return JSON.parse(gunzipSync(readFileSync(`${path}.gz`)).toString()) as Model;
  }
  const missing = 'botocore’s model of the API is not here; to get it: apt-get install awscli';
  if (process.env['CI'] === 'true') throw new Error(missing);
  console.log(`skipped: ${missing}`);
  return undefined;
}

/** A value as the model has it. */
export type Value = string | number | boolean | readonly Value[] | { readonly [name: string]: Value };

/** The parameters of a Query request for an input. */
export function encode(value: Value, name = ''): [name: string, value: string][] {
  if (Array.isArray(value)) {
    if (value.length === 0) return [[name, '']];
    return value.flatMap((item: Value, index) => encode(item, `${name}.member.${index + 1}`));
  }
  if (typeof value === 'object') {
    return Object.entries(value).flatMap(([key, item]) => encode(item, name === '' ? key : `${name}.${key}`));
  }
  return [[name, String(value)]];
}

/** Everything about an answer's element that is not as its shape has it; what was there is added to `seen`. */
export function unlike(
  { shapes }: Model,
  shapeName: string,
  value: unknown,
  { at = shapeName, seen = new Set<string>() } = {},
): string[] {
  const shape = shapes[shapeName];
  if (shape === undefined) return [`${at}: no shape ${shapeName}`];
  const model = { shapes, operations: {} };
  const text = typeof value === 'string' ? value : undefined;
  switch (shape.type) {
    case 'structure': {
      if (text !== undefined && text !== '') return [`${at}: text in a structure`];
      const given = text === undefined ? (value as Record<string, unknown>) : {};
      const members = shape.members ?? {};
      const missing = (shape.required ?? []).filter((name) => !(name in given));
      return [
        ...missing.map((name) => `${at}.${name}: missing`),
        ...Object.entries(given).flatMap(([name, item]) => {
          const member = members[name];
          if (member === undefined) return [`${at}.${name}: not in the model`];
          seen.add(`${shapeName}.${name}`);
          return unlike(model, member.shape, item, { at: `${at}.${name}`, seen });
        }),
      ];
    }
    case 'list': {
      if (text === '') return [];
      const { member, ...others } = value as Record<string, unknown>;
      if (text !== undefined || Object.keys(others).length > 0) return [`${at}: not a list of member`];
      return [member]
        .flat()
        .flatMap((item, index) =>
          unlike(model, shape.member?.shape ?? '', item, { at: `${at}[${index}]`, seen }),
        );
    }
    case 'integer':
    case 'long': {
      const number = /^-?\d+$/.test(text ?? '') ? Number(text) : Number.NaN;
      const fits = number >= (shape.min ?? number) && number <= (shape.max ?? number);
      return fits ? [] : [`${at}: ${JSON.stringify(value)} is not such a number`];
    }
    case 'boolean':
      return text === 'true' || text === 'false' ? [] : [`${at}: ${JSON.stringify(value)} is not a boolean`];
    case 'timestamp':
      return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text ?? '') ? [] : [`${at}: not a time`];
    case 'string': {
      const fits =
        text !== undefined &&
        text.length <= (shape.max ?? text.length) &&
        new RegExp(shape.pattern ?? '', 'u').test(text);
      return fits ? [] : [`${at}: ${JSON.stringify(value)} is not such a string`];
    }
  }
}

/** A structure as the model has it. */
export type Input = Readonly<Record<string, Value>>;

/** A place in an input: the shape there, and the input with something else there, or nothing. */
export interface Place {
  readonly at: string;
  readonly shape: string;
  readonly required: boolean;
  readonly value: Value;
  readonly put: (value: Value | undefined) => Input;
}

/** Every place in a value of a shape. */
export function* places(
  model: Model,
  shape: string,
  value: Value,
  put: (value: Value) => Input,
  at = '',
): Generator<Place> {
  const { type, members = {}, member, required = [] } = model.shapes[shape] ?? { type: 'string' };
  if (type === 'structure' && typeof value === 'object' && !Array.isArray(value)) {
    for (const [name, item] of Object.entries(value as Input)) {
      const inner = members[name]?.shape ?? '';
      const { [name]: _, ...others } = value as Input;
      const putHere = (one: Value | undefined): Input =>
        put(one === undefined ? others : { ...others, [name]: one });
      const where = at === '' ? name : `${at}.${name}`;
      yield { at: where, shape: inner, required: required.includes(name), value: item, put: putHere };
      yield* places(model, inner, item, putHere, where);
    }
  }
  if (type === 'list' && Array.isArray(value)) {
    const [first, ...others] = value as readonly Value[];
    if (first === undefined) return;
    const inner = member?.shape ?? '';
    const putHere = (one: Value | undefined): Input => put([...(one === undefined ? [] : [one]), ...others]);
    yield { at: `${at}[0]`, shape: inner, required: false, value: first, put: putHere };
    yield* places(model, inner, first, putHere, `${at}[0]`);
  }
}

/** An input that the model calls wrong, and why. */
export interface Wrong {
  readonly what: string;
  readonly input: Input;
}

/** What the model calls wrong at one place. */
export function* wrongAt(model: Model, { at, shape, required, value, put }: Place): Generator<Wrong> {
  const { type, min, max, pattern } = model.shapes[shape] ?? { type: 'string' };
  // Of a structure without a member nothing is sent at all.
  const emptied = put(undefined);
  const holder = at.replaceAll('[0]', '.member.1').replace(/[^.]*$/, '');
  if (required && encode(emptied).some(([name]) => name.startsWith(holder)))
    yield { what: `without ${at}`, input: emptied };
  if (type === 'integer' || type === 'long' || type === 'boolean') {
    yield { what: `${at} is text`, input: put('abc') };
  }
  if (type === 'integer' || type === 'long') {
    yield { what: `${at} is a fraction`, input: put('1.5') };
    if (min !== undefined) yield { what: `${at} is too small`, input: put(min - 1) };
    if (max !== undefined) yield { what: `${at} is too great`, input: put(max + 1) };
  }
  if (type === 'string') {
    if (max !== undefined) yield { what: `${at} is too long`, input: put('a'.repeat(max + 1)) };
    if (pattern !== undefined) yield { what: `${at} has other characters`, input: put('{}!') };
    if (min === 1) yield { what: `${at} is empty`, input: put('') };
  }
  if (type === 'list' && min === 1) yield { what: `${at} is empty`, input: put([]) };
  if (type === 'list' && max !== undefined) {
    const [item = 'a'] = value as readonly Value[];
    yield { what: `${at} has too many`, input: put(Array<Value>(max + 1).fill(item)) };
  }
}

/** Every member of a shape and of those in it, as {@link unlike} notes them. */
export function membersIn(model: Model, name: string, into = new Set<string>()): Set<string> {
  const { members = {}, member } = model.shapes[name] ?? {};
  for (const [key, { shape }] of Object.entries(members)) {
    const known = into.has(`${name}.${key}`);
    into.add(`${name}.${key}`);
    if (!known) membersIn(model, shape, into);
  }
  if (member !== undefined) membersIn(model, member.shape, into);
  return into;
}
