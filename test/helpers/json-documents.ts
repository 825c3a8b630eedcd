import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const ajv = new Ajv2020({ strict: true, allErrors: true });
addFormats.default(ajv);
const validators = new Map<string, readonly ValidateFunction[]>();

/** A JSON Schema as it is shipped. */
export function shippedSchema(name: string): object {
  const path = fileURLToPath(new URL(`../../dist/schema/${name}.schema.json`, import.meta.url));
  return JSON.parse(readFileSync(path, 'utf8')) as object;
}

/** The schema itself; and one that takes no key which it does not describe, for what this very version prints. */
function validatorsOf(name: string): readonly ValidateFunction[] {
  const made = validators.get(name) ?? [
    ajv.compile(shippedSchema(name)),
    ajv.compile({ ...(closed(shippedSchema(name)) as object), $id: `${name}-closed` }),
  ];
  validators.set(name, made);
  return made;
}

function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return 'properties' in inner ? { additionalProperties: false, ...inner } : inner;
}

const changing = new Set(['enable', 'disable', 'apply', 'undo']);
/** They print someone else's kind of document: IAM's, a JSON Schema. */
const notOurs = new Set(['iam-policy', 'schema']);

/** Which of our schemas a document must follow, by what was called and whether it failed; undefined for none. */
export function schemaOf(argv: readonly string[], document: object): string | undefined {
  const [command = ''] = argv;
  // The command behind -- printed it.
  if (argv.includes('--')) return undefined;
  if ('error' in document && !('changes' in document)) return 'error';
  if (argv.includes('--version')) return 'version';
  if (argv.includes('--help')) return 'help';
  if (changing.has(command)) return 'digest' in document ? 'plan' : 'report';
  if (command === 'history' && 'change' in document) return 'change';
  return notOurs.has(command) ? undefined : command;
}

/** @throws where a document is not as the schema that ships for it says */
export function checkDocument(argv: readonly string[], document: object): void {
  const name = schemaOf(argv, document);
  if (name === undefined) return;
  for (const validate of validatorsOf(name)) {
    if (validate(document)) continue;
    throw new Error(
      `elb-proxy ${argv.join(' ')} printed what the schema ${name} does not describe: ${ajv.errorsText(validate.errors)}`,
    );
  }
}
