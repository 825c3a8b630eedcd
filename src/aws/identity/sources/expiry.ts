/** A time as the AWS CLI's caches and answers write it (`2030-01-01T00:00:00Z`, `…UTC`, `…+00:00`); undefined for others. */
export function expiryOf(text: string): Date | undefined {
  const written = text.trim().replace(/ ?UTC$/i, 'Z');
  if (!/(?:Z|[+-]\d\d:?\d\d)$/i.test(written)) return undefined;
  const time = new Date(written);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
