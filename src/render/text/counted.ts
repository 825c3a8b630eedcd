/** `1 call`, `2 calls`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `instance port 8443`, `instance ports 8080, 8443`. */
export function instancePortWords(ports: readonly number[]): string {
  return `instance port${ports.length === 1 ? '' : 's'} ${ports.join(', ')}`;
}

/** A time in milliseconds: `400 ms`, `1.6 s`. */
export function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 100) / 10} s`;
}
