import { z } from 'zod';
import { ServiceError } from '../service-error.js';

const instanceId = z.string().regex(/^(?:i-(?:[0-9a-f]{8}|[0-9a-f]{17})|mi-[0-9a-f]{17})$/);
const commandId = z.string().length(36);

/** What `DescribeInstanceInformation` takes. */
export const instancesInput = z.object({
  Filters: z.array(z.object({ Key: z.string(), Values: z.array(z.string()).min(1).max(100) })).optional(),
  MaxResults: z.int().min(5).max(50).optional(),
  NextToken: z.string().optional(),
});
/** What `SendCommand` takes. */
export const sendInput = z.object({
  InstanceIds: z.array(instanceId).max(50).optional(),
  DocumentName: z.string(),
  DocumentHash: z.string().max(256).optional(),
  DocumentHashType: z.enum(['Sha256', 'Sha1']).optional(),
  TimeoutSeconds: z.int().min(30).max(2_592_000).default(3600),
  Comment: z.string().max(100).default(''),
  Parameters: z.record(z.string(), z.array(z.string())).default({}),
});
/** What `ListCommandInvocations` takes. */
export const listInput = z.object({
  CommandId: commandId.optional(),
  InstanceId: instanceId.optional(),
  Details: z.boolean().default(false),
  MaxResults: z.int().min(1).max(50).default(50),
  NextToken: z.string().optional(),
});
/** What `GetCommandInvocation` takes. */
export const getInput = z.object({ CommandId: commandId, InstanceId: instanceId });
/** What `CancelCommand` takes. */
export const cancelInput = z.object({
  CommandId: commandId,
  InstanceIds: z.array(instanceId).max(50).optional(),
});
/** What `CreateDocument` takes. */
export const createInput = z.object({ Name: z.string(), Content: z.string().min(1).max(65_536) });

/** What `SendCommand` takes, checked. */
export type SendInput = z.output<typeof sendInput>;

/** A request's body, in its shape. @throws ServiceError `ValidationException` */
export function inputOf<T>(shape: z.ZodType<T>, body: Buffer): T {
  let parsed: unknown;
  try {
    parsed = body.length === 0 ? {} : JSON.parse(body.toString());
  } catch {
    throw new ServiceError('SerializationException', 'The request is not JSON');
  }
  const checked = shape.safeParse(parsed);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw new ServiceError(
    'ValidationException',
    `1 validation error detected: Value at '${issue?.path.join('.') ?? ''}' failed to satisfy constraint: ${issue?.message ?? ''}`,
  );
}
