/** Of what the secrets manager keeps for each of its configs, by name. Throws for a config that there is not. */
export function held<T>(all: ReadonlyMap<string, T>, name: string): T {
  const found = all.get(name);
  if (found === undefined) throw new Error(`there is no ${name} among the secrets of the control plane`);
  return found;
}
