/** The environment variables as the caller hands them in (`process.env` in the program). */
export type Environment = Readonly<Record<string, string | undefined>>;
