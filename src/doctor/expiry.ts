/** What machine images and Kubernetes versions of a CloudProfile say of their end, in either way. */
interface Mortal {
  readonly expirationDate?: string | null | undefined;
  readonly lifecycle?:
    | readonly { readonly classification: string; readonly startTime?: string | null | undefined }[]
    | null
    | undefined;
}

const soonMs = 30 * 86_400_000;

/** `expired on ...` or `expires on ...`; undefined for what stays for more than thirty days. */
export function endOf({ expirationDate, lifecycle }: Mortal, now: number): string | undefined {
  const stage = lifecycle?.find(({ classification }) => classification === 'expired')?.startTime;
  const end = Date.parse(expirationDate ?? stage ?? '');
  if (!(end - now < soonMs)) return undefined;
  return `${end <= now ? 'expired' : 'expires'} on ${new Date(end).toISOString().slice(0, 10)}`;
}
