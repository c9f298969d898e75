const gap = /\.\.\.|…|<[^>]*>/;

/**
 * Whether the product's texts could become what a page quotes. Most of the quote must be runs of words that some text has
 * as they are; what is between them was filled in. `...` and `<x>` in the quote stand for anything.
 */
export function isProduced(quote: string, literals: readonly string[]): boolean {
  const pieces = quote.split(gap).map((piece) => piece.split(/\s+/).filter(Boolean));
  return pieces.flatMap((words) => coveredOf(words, literals)).length >= 0.6 * pieces.flat().length;
}

/** The words that stand in runs which are long enough to tell. */
function coveredOf(words: readonly string[], literals: readonly string[]): string[] {
  const covered: string[] = [];
  for (let at = 0; at < words.length; ) {
    const run = longestRun(words.slice(at), literals);
    const tells = run.length >= 3 || (run.length === 2 && run.join('').length >= 5) || run.length === words.length;
    if (tells) covered.push(...run);
    at += tells ? run.length : 1;
  }
  return covered;
}

function longestRun(words: readonly string[], literals: readonly string[]): readonly string[] {
  let run: readonly string[] = [];
  let near = literals;
  while (run.length < words.length) {
    const next = words.slice(0, run.length + 1);
    near = near.filter((literal) => literal.includes(next.join(' ')));
    if (near.length === 0) break;
    run = next;
  }
  return run;
}
