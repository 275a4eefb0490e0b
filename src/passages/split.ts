/** Long text → pieces that end where sentences end. */

/** The number of encoder tokens of each text. */
export type CountTokens = (texts: readonly string[]) => Promise<number[]>;

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });
const words = new Intl.Segmenter('en', { granularity: 'word' });

/**
 * Splits `text` into as few pieces of at most `maxTokens` tokens as sentence ends allow, filled from the front.
 * A single sentence that is longer is split between words. Joined with spaces, the pieces are the text again.
 */
export async function splitText(
  text: string,
  maxTokens: number,
  countTokens: CountTokens,
): Promise<string[]> {
  const [total] = await countTokens([text]);
  if (total! <= maxTokens) return [text];
  const units = segments(text, sentences);
  const counts = await countTokens(units);
  if (units.length === 1)
    return pack(segments(text, words), await countTokens(segments(text, words)), maxTokens);
  const pieces: string[] = [];
  let pending: { units: string[]; counts: number[] } = { units: [], counts: [] };
  for (const [position, unit] of units.entries()) {
    if (counts[position]! > maxTokens) {
      pieces.push(
        ...pack(pending.units, pending.counts, maxTokens),
        ...(await splitText(unit, maxTokens, countTokens)),
      );
      pending = { units: [], counts: [] };
    } else {
      pending.units.push(unit);
      pending.counts.push(counts[position]!);
    }
  }
  return [...pieces, ...pack(pending.units, pending.counts, maxTokens)];
}

function segments(text: string, segmenter: Intl.Segmenter): string[] {
  const found: string[] = [];
  for (const { segment } of segmenter.segment(text)) {
    // White space stays with what stands before it, so that no unit is empty.
    if (found.length > 0 && segment.trim() === '') found[found.length - 1] += segment;
    else found.push(segment);
  }
  return found;
}

function pack(units: readonly string[], counts: readonly number[], maxTokens: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  let tokens = 0;
  for (const [position, unit] of units.entries()) {
    const count = counts[position]!;
    if (piece !== '' && tokens + count > maxTokens) {
      pieces.push(piece.trim());
      piece = '';
      tokens = 0;
    }
    piece += unit;
    tokens += count;
  }
  if (piece.trim() !== '') pieces.push(piece.trim());
  return pieces;
}
