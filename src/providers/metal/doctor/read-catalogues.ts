import { tryTo } from '../../try-to.ts';
import { type Catalogue, readCatalogue } from './catalogue.ts';
import type { Offer, ReadOffer } from './offers.ts';
import type { ReadAccount } from './read.ts';
import type { Reader } from './reader.ts';

/** What the metal-apis have that CloudProfiles name; each is asked once, and only where an account of it was read. */
export async function readCatalogues(
  reader: Reader,
  offers: readonly Offer[],
  accounts: readonly ReadAccount[],
): Promise<readonly ReadOffer[]> {
  const asked = new Map<string, Promise<Catalogue | undefined>>();
  const ask = (endpoint: string) => {
    const account = accounts.find((each) => each.endpoint === endpoint);
    const what = `images and sizes at ${endpoint}`;
    return account && tryTo(reader, what, () => readCatalogue(account.api, reader.signal));
  };
  const read = offers.map(async (offer) => {
    const { endpoint = '' } = offer.plane;
    const asking = asked.get(endpoint) ?? Promise.resolve(ask(endpoint));
    asked.set(endpoint, asking);
    const catalogue = await asking;
    return catalogue ? [{ ...offer, catalogue }] : [];
  });
  return (await Promise.all(read)).flat();
}
