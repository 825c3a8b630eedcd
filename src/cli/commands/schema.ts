import { usageError } from '../../errors.js';
import type { Command } from '../define.js';

/** `elb-proxy schema`. */
export const schema: Command = {
  name: 'schema',
  positionals: { usage: '<document>', least: 0, most: 1 },
  options: {},
  examples: {
    'elb-proxy schema plan': 'the schema of a plan; without a name it says which there are',
  },
  mutates: false,
  iam: [],
  exitCodes: [0, 1],
  run: async (given, context) => {
    const { jsonSchemas } = await import('../../render/json/schemas.js');
    const schemas = jsonSchemas();
    const [name] = given.positionals;
    const found = name !== undefined && Object.hasOwn(schemas, name) ? schemas[name] : undefined;
    if (found === undefined)
      throw usageError(
        name === undefined ? '<document> is missing' : `no schema named ${JSON.stringify(name)}`,
        `choose from ${Object.keys(schemas).join(', ')}`,
      );
    await context.print(found, (document) => `${JSON.stringify(document, null, 2)}\n`);
    return 0;
  },
};
