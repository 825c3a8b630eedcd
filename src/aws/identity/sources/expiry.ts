/** A time in any form that the AWS CLI's caches and answers, or HTTP, have; undefined for others, and without a zone. */
export function expiryOf(text: string): Date | undefined {
  const written = text
    .trim()
    .replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/i, '$1-$2-$3T$4:$5:$6')
    .replace(/^(\d.*?) ?(?:UTC|GMT)$/i, '$1Z');
  if (!/(?:Z|GMT|[+-]\d\d:?\d\d)$/i.test(written)) return undefined;
  const time = new Date(written);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
