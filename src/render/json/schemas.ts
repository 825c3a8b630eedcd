import { z } from 'zod';
import { planSchema } from '../../core/plan-schema.js';
import { documentFormatVersion } from './document.js';
import { changeSchema, historySchema } from './history-schema.js';
import { policiesSchema } from './policies-schema.js';
import { errorSchema, reportSchema } from './report-schema.js';
import { sideSchemas } from './side-schemas.js';
import { statusSchema } from './status-schema.js';
import { verifySchema } from './verify-schema.js';

/** A schema by the name of its document. */
const schemas = {
  status: statusSchema,
  policies: policiesSchema,
  // A plan may hold nothing that this version does not know, so its schema is closed: see core/plan-schema.ts.
  plan: planSchema,
  report: reportSchema,
  history: historySchema,
  change: changeSchema,
  verify: verifySchema,
  error: errorSchema,
  ...sideSchemas,
} as const satisfies Readonly<Record<string, z.ZodType>>;

/** The JSON Schemas (draft 2020-12) of what this tool prints, by the name of the document. */
export function jsonSchemas(): Readonly<Record<string, object>> {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, jsonSchema(name, schema)]),
  );
}

function jsonSchema(name: string, schema: z.ZodType): object {
  // As input, an object is open to keys that a later minor release adds; as output, zod would close it.
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return { $schema, $id: `urn:elb-proxy:schema:${name}:${documentFormatVersion}`, ...rest };
}
