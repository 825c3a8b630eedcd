/** An ISO 8601 time in UTC as people read it, to the second: `2024-05-01 12:30:00 UTC`. Anything else stays as it is. */
export function timestamp(iso: string): string {
  const [, date, time] = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d+)?Z$/.exec(iso) ?? [];
  return date === undefined || time === undefined ? iso : `${date} ${time} UTC`;
}
