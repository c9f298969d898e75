/** Put in by the bundler (esbuild.config.mjs). */
declare const ESPALIER_VERSION: string | undefined;

/** `v0.1.0`; `dev` when the program runs from its sources. */
export const version: string = typeof ESPALIER_VERSION === 'undefined' ? 'dev' : ESPALIER_VERSION;
