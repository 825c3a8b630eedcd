/** An IP address as the script knows it: IPv6 in eight groups of four digits. Undefined if it is none, or has a zone. */
export function scriptAddress(address: string): string | undefined {
  if (/^(?:\d{1,3}\.){3}\d{1,3}$/.test(address)) return address;
  if (!/^[0-9a-f:]+$/i.test(address) || !address.includes(':')) return undefined;
  const [front = '', behind, ...more] = address.toLowerCase().split('::');
  if (more.length > 0) return undefined;
  const [first, last] = [front, behind ?? ''].map((part) => (part === '' ? [] : part.split(':')));
  if (first === undefined || last === undefined) return undefined;
  const zeros = 8 - first.length - last.length;
  if (behind === undefined ? zeros !== 0 : zeros < 1) return undefined;
  const groups = [...first, ...Array.from({ length: zeros }, () => '0'), ...last];
  if (groups.some((group) => !/^[0-9a-f]{1,4}$/.test(group))) return undefined;
  return groups.map((group) => group.padStart(4, '0')).join(':');
}
