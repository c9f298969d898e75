/** What stands in user data for what differs from machine to machine. */
const placeholders = { token: '<<BOOTSTRAP_TOKEN>>', name: '<<MACHINE_NAME>>' } as const;

/**
 * Fills in user data. Ignition has file contents URL-encoded, so placeholders may be, too (metal-components F.4); what
 * replaces them then is encoded alike. Without a value they stay.
 */
export function filledIn(
  userData: string,
  values: { readonly token?: string | undefined; readonly name: string },
): string {
  const { token, name } = values;
  const named = replaced(userData, placeholders.name, name);
  return token === undefined ? named : replaced(named, placeholders.token, token);
}

function replaced(text: string, placeholder: string, value: string): string {
  return text
    .replaceAll(placeholder, () => value)
    .replaceAll(encodeURIComponent(placeholder), () => encodeURIComponent(value));
}
