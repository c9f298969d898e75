const forbidden = '__proto__';
/** The name itself, or a spelling with an escaped underscore, letter by letter if need be. */
const suspicion = /__proto__|\\u00(?:5f|70|72|6f|74)/i;

/** Whether this JSON text can contain the name `__proto__`. False is certain, true is a reason to look. */
export function mayNamePrototype(json: string): boolean {
  return json.includes(forbidden) || (json.includes('\\u00') && suspicion.test(json));
}

/**
 * Removes properties named `__proto__` from what JSON.parse made: there they are data, but the next copy that assigns
 * them would change a prototype. Returns whether there were any.
 */
export function removePrototypeKeys(root: unknown): boolean {
  let found = false;
  const waiting = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (Object.hasOwn(value, forbidden)) {
      Reflect.deleteProperty(value, forbidden);
      found = true;
    }
    for (const inner of Object.values(value)) waiting.push(inner);
  }
  return found;
}
