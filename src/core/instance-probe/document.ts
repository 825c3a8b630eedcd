import { createHash } from 'node:crypto';
import { canonical } from '../digest.js';
import { parameterPatterns } from './parameters.js';
import { probeScript, scriptVersion } from './script.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The Systems Manager document that probes from an instance: schema 2.2, the script fixed, its parameters typed. */
export const probeDocument = {
  schemaVersion: '2.2',
  description: `elb-proxy probe, version ${scriptVersion}: asks a TCP port of the instance's own addresses what it does with the PROXY line; writes nothing. Script sha256 ${sha256(probeScript)}.`,
  parameters: {
    Addresses: {
      type: 'String',
      description: 'IP addresses; the instance probes those that are its own',
      allowedPattern: parameterPatterns.Addresses,
    },
    Port: {
      type: 'String',
      description: 'TCP port to probe',
      allowedPattern: parameterPatterns.Port,
    },
    Exchanges: {
      type: 'String',
      description: 'What to send: at most 8 connections, the bytes in hexadecimal',
      allowedPattern: parameterPatterns.Exchanges,
    },
    executionTimeout: {
      type: 'String',
      description: 'Seconds that the script may take',
      default: '300',
      allowedPattern: '^[1-9][0-9]{1,3}$',
    },
  },
  mainSteps: [
    {
      action: 'aws:runShellScript',
      name: 'probe',
      precondition: { StringEquals: ['platformType', 'Linux'] },
      inputs: {
        timeoutSeconds: '{{executionTimeout}}',
        runCommand: probeScript.trimEnd().split('\n'),
      },
    },
  ],
} as const;

/** The document as it is printed. */
export const documentText = `${JSON.stringify(probeDocument, null, 2)}\n`;

/** SHA-256 of the document as it may have been uploaded: as printed, or without the line break at its end. */
export const documentHashes: readonly string[] = [sha256(documentText), sha256(documentText.trimEnd())];

/** Whether a text is this document, however it is written. */
export function isProbeDocument(text: string): boolean {
  try {
    return canonical(JSON.parse(text)) === canonical(probeDocument);
  } catch {
    return false;
  }
}
