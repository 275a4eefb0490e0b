/** Titles and aliases compared as people type them: without case, accents, hyphens or punctuation. */

/** `Auto-Encoder` → `auto encoder`; `Retropropagação` → `retropropagacao`. Keeps `+`, `#` and `&` (C++, C#, R&D). */
export function normalizeName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}+#&]+/gu, ' ')
    .trim();
}
