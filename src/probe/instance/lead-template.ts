import { isIPv6 } from 'node:net';
import type { Lead } from '../exchange.js';

/**
 * The lead in hexadecimal, with signs for what only the instance knows. Of its address: `+` the text, `=` as
 * many ones without four, `^` the digit of its family, `%` version 2's word for it, `~` its bytes; `@` address and port
 * as a Host header has them. Of the connection: `:` the source port's digits, `;` as many ones, `,` its two bytes.
 */
export function leadTemplate(lead: Lead, port: number): string {
  const digits = hex(String(port));
  switch (lead) {
    case 'plain':
      return '';
    case 'v1':
      return `${hex('PROXY TCP')}^20+20+20:20${digits}0d0a`;
    case 'v2':
    // An instance computes no checksum: the header is valid without one, and a Network Load Balancer's has one more field.
    case 'network':
      return version2('21', port);
    // Version 3; all else is as in the valid one.
    case 'broken-header':
      return version2('31', port);
    // As long as the valid line: its 14 bytes beside the addresses and ports, and four of each address, are in front.
    case 'broken':
      return `${hex('PROXY NONSENSE 1 2 3 4')}==;${ones(String(port).length)}0d0a`;
    case 'word':
      return `${hex('HELLO ')}==;${ones(16 + String(port).length)}0d0a`;
  }
}

function version2(versionAndCommand: string, port: number): string {
  return `0d0a0d0a000d0a515549540a${versionAndCommand}%~~,${port.toString(16).padStart(4, '0')}`;
}

/** The bytes that a template became on a connection of an instance with itself. */
export function fillTemplate(template: string, address: string, port: number, sourcePort: number): Buffer {
  const six = isIPv6(address);
  const source = String(sourcePort);
  const signs: Readonly<Record<string, string>> = {
    '@': hex(`${six ? `[${address}]` : address}:${port}`),
    '+': hex(address),
    '=': ones(address.length - 4),
    '^': six ? '36' : '34',
    '%': six ? '210024' : '11000c',
    '~': six ? address.replaceAll(':', '') : Buffer.from(address.split('.').map(Number)).toString('hex'),
    ':': hex(source),
    ';': ones(source.length),
    ',': sourcePort.toString(16).padStart(4, '0'),
  };
  return Buffer.from(
    template.replaceAll(/[@+=^%~:;,]/g, (sign) => signs[sign] ?? ''),
    'hex',
  );
}

function hex(text: string): string {
  return Buffer.from(text).toString('hex');
}

function ones(count: number): string {
  return '31'.repeat(count);
}
