import type { z } from 'zod';

/** The version of the shapes in this folder; a minor release may add keys, never change them. */
export const documentFormatVersion = 1;

/** The type of a document, from its schema. Nothing but the type is imported: printing a document does not load zod. */
export type DocumentOf<Schema extends z.ZodType> = Frozen<z.infer<Schema>>;

type Frozen<T> = { readonly [Key in keyof T]: Frozen<T[Key]> };
