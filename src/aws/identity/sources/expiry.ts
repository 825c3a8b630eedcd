/**
 * A time as the AWS CLI's caches and answers write it (`2030-01-01T00:00:00Z`, `20300101T000000Z`, `…UTC`, `…+00:00`, or as
 * HTTP has it); undefined for others, and where no zone is named.
 */
export function expiryOf(text: string): Date | undefined {
  const written = text
    .trim()
    .replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/i, '$1-$2-$3T$4:$5:$6')
    .replace(/^(\d.*?) ?(?:UTC|GMT)$/i, '$1Z');
  if (!/(?:Z|GMT|[+-]\d\d:?\d\d)$/i.test(written)) return undefined;
  const time = new Date(written);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
