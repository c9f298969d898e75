/** What the kit needs of a logger; pino's Logger fits. Constant message, values as keys. */
export interface Logger {
  debug(values: object, message: string): void;
  info(values: object, message: string): void;
  warn(values: object, message: string): void;
  error(values: object, message: string): void;
  child(bindings: Record<string, unknown>): Logger;
}
