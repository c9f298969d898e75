import { internal } from '../errors.ts';
import type { Random } from '../random.ts';

/** Numbers first..last that are each handed out once: VRFs and ASN offsets. */
export class IntegerPool {
  readonly #first: number;
  readonly #size: number;
  readonly #taken = new Set<number>();

  constructor(first: number, last: number) {
    this.#first = first;
    this.#size = last - first + 1;
  }

  acquire(random: Random): number {
    if (this.#taken.size >= this.#size) throw internal('acquire unique integer failed for pool: no integer left');
    let offset = Math.floor(random() * this.#size);
    while (this.#taken.has(this.#first + offset)) offset = (offset + 1) % this.#size;
    this.#taken.add(this.#first + offset);
    return this.#first + offset;
  }

  /** Marks a number as taken that someone chose; false if it already was. */
  reserve(value: number): boolean {
    if (this.#taken.has(value)) return false;
    this.#taken.add(value);
    return true;
  }

  release(value: number): void {
    this.#taken.delete(value);
  }
}
