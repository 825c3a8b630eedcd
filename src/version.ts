declare const __VERSION__: string;

/** The package's version, put in by the build (and by the test runner). */
export const version: string = __VERSION__;
