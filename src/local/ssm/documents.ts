import { createHash } from 'node:crypto';
import { ServiceError } from '../service-error.js';

/** A document of `CreateDocument`. */
export interface StoredDocument {
  readonly name: string;
  readonly region: string;
  readonly content: string;
  readonly hash: string;
  readonly createdAt: Date;
}

/** Documents, as long as the service runs. */
export class DocumentStore {
  readonly #documents = new Map<string, StoredDocument>();

  /** @throws ServiceError if the name is taken, or the content is not a document */
  create(name: string, content: string, region: string, createdAt: Date): StoredDocument {
    if (!/^[a-zA-Z0-9_.-]{3,128}$/.test(name))
      throw new ServiceError('ValidationException', `Invalid document name: ${name}`);
    const key = `${region}/${name}`;
    if (this.#documents.has(key))
      throw new ServiceError('DocumentAlreadyExists', `Document with name ${name} already exists.`);
    checkContent(content);
    const hash = createHash('sha256').update(content).digest('hex');
    const document = { name, region, content, hash, createdAt };
    this.#documents.set(key, document);
    return document;
  }

  /** @throws ServiceError `InvalidDocument` */
  find(name: string, region: string): StoredDocument {
    const found = this.#documents.get(`${region}/${name}`);
    if (found === undefined)
      throw new ServiceError('InvalidDocument', `Document with name ${name} does not exist.`);
    return found;
  }
}

function checkContent(content: string): void {
  try {
    const parsed: unknown = JSON.parse(content);
    if (typeof parsed === 'object' && parsed !== null && 'schemaVersion' in parsed) return;
  } catch {
    // Not JSON.
  }
  throw new ServiceError('InvalidDocumentContent', 'The content is not a JSON document with a schemaVersion');
}
