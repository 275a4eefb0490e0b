/** How to search: with everything, or with one half of it for comparison. */

export const MODES = ['hybrid', 'semantic', 'keyword'] as const;
export type Mode = (typeof MODES)[number];
