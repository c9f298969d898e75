/** What a user should know of a field, besides what it is for. */
export interface FieldFacts {
  /** Who does not set it gets this; in words where it is no constant. */
  readonly default?: string;
  /** What admission checks. */
  readonly rules?: string;
  /** Must be set: by the user, or by a default. */
  readonly required?: boolean;
  /** The only values there are. */
  readonly values?: readonly string[];
}

/** For `.meta()` of a field: JSON Schemas and docs are made of it. Keywords that JSON Schema does not know begin with `x-`. */
export function described(meaning: string, facts: FieldFacts = {}) {
  return {
    description: meaning,
    ...(facts.values ? { enum: [...facts.values] } : {}),
    ...(facts.default === undefined ? {} : { 'x-default': facts.default }),
    ...(facts.rules === undefined ? {} : { 'x-rules': facts.rules }),
    ...(facts.required ? { 'x-required': true } : {}),
  };
}
