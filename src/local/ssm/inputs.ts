import { z } from 'zod';
import { ServiceError } from '../service-error.js';

const instanceId = z.string().regex(/^(?:i-(?:[0-9a-f]{8}|[0-9a-f]{17})|mi-[0-9a-f]{17})$/);
const commandId = z.string().length(36);

/** The input of `DescribeInstanceInformation`. */
export const instancesInput = z.object({
  Filters: z.array(z.object({ Key: z.string(), Values: z.array(z.string()).min(1).max(100) })).optional(),
  MaxResults: z.int().min(5).max(50).optional(),
  NextToken: z.string().optional(),
});
/** The input of `SendCommand`. */
export const sendInput = z.object({
  InstanceIds: z.array(instanceId).max(50).optional(),
  DocumentName: z.string(),
  DocumentHash: z.string().max(256).optional(),
  DocumentHashType: z.enum(['Sha256', 'Sha1']).optional(),
  TimeoutSeconds: z.int().min(30).max(2_592_000).default(3600),
  Comment: z.string().max(100).default(''),
  Parameters: z.record(z.string(), z.array(z.string())).default({}),
});
/** The input of `ListCommandInvocations`. */
export const listInput = z.object({
  CommandId: commandId.optional(),
  InstanceId: instanceId.optional(),
  Details: z.boolean().default(false),
  MaxResults: z.int().min(1).max(50).default(50),
  NextToken: z.string().optional(),
});
/** The input of `GetCommandInvocation`. */
export const getInput = z.object({ CommandId: commandId, InstanceId: instanceId });
/** The input of `CancelCommand`. */
export const cancelInput = z.object({
  CommandId: commandId,
  InstanceIds: z.array(instanceId).max(50).optional(),
});
/** The input of `CreateDocument`. */
export const createInput = z.object({ Name: z.string(), Content: z.string().min(1).max(65_536) });

/** The input of `SendCommand`, checked. */
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
