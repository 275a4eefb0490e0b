/** Builds the index of the fixture glossary once for all test files. */
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { buildIndex } from '../indexing/build.ts';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

declare module 'vitest' {
  interface ProvidedContext {
    fixture: { content: string; indexDir: string; encoder: string };
  }
}

export default async function setup(project: TestProject): Promise<void> {
  const fixture = {
    content: path('./glossary'),
    indexDir: path('../../build/test-index'),
    encoder: path('../../model'),
  };
  await buildIndex(fixture);
  project.provide('fixture', fixture);
}
