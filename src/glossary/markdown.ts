/** One Markdown file → front matter and text blocks, each with the line it stands on. */
import type { Nodes, RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { toString as textOf } from 'mdast-util-to-string';
import { frontmatter } from 'micromark-extension-frontmatter';
import { LineCounter, parseDocument } from 'yaml';

/** A heading (null before the first one) with the Markdown that stands under it. */
export interface Block {
  heading: string | null;
  /** 1 to 6; 0 before the first heading. */
  depth: number;
  line: number;
  /** Markdown of each paragraph, list or other block, as it was written. */
  paragraphs: string[];
}

export interface FrontMatter {
  value: unknown;
  /** The line of the value at a path, or of its nearest ancestor that exists. */
  lineOf(path: readonly PropertyKey[]): number;
  /** YAML that could not be read. */
  problems: { line: number; message: string }[];
}

export interface MarkdownFile {
  frontMatter: FrontMatter;
  blocks: Block[];
}

function parse(source: string) {
  return fromMarkdown(source, {
    extensions: [frontmatter(['yaml'])],
    mdastExtensions: [frontmatterFromMarkdown(['yaml'])],
  });
}

/** YAML text → its value, with the line of each path. `firstLine` is the line on which the YAML starts. */
export function readYaml(source: string, firstLine = 1): FrontMatter {
  const counter = new LineCounter();
  const document = parseDocument(source, { lineCounter: counter, prettyErrors: false });
  const lineAt = (offset: number) => counter.linePos(offset).line + firstLine - 1;
  return {
    value: document.errors.length > 0 ? undefined : document.toJS(),
    problems: document.errors.map((error) => ({ line: lineAt(error.pos[0]), message: error.message })),
    lineOf(path) {
      for (let length = path.length; length > 0; length--) {
        const node = document.getIn(path.slice(0, length), true);
        const range = (node as { range?: [number, number, number] } | undefined)?.range;
        if (range) return lineAt(range[0]);
      }
      return firstLine;
    },
  };
}

/** Reads a Markdown file with YAML front matter. Never throws: what is unreadable is in `problems`. */
export function readMarkdown(source: string): MarkdownFile {
  const root = parse(source);
  const blocks: Block[] = [{ heading: null, depth: 0, line: 1, paragraphs: [] }];
  let matter = readYaml('');
  for (const node of root.children) {
    const line = node.position?.start.line ?? 1;
    if (node.type === 'yaml') {
      matter = readYaml(node.value, line + 1);
    } else if (node.type === 'heading') {
      blocks.push({ heading: textOf(node).trim(), depth: node.depth, line, paragraphs: [] });
    } else {
      const block = blocks[blocks.length - 1]!;
      if (block.paragraphs.length === 0 && block.heading === null) block.line = line;
      block.paragraphs.push(sourceOf(node, source));
    }
  }
  return { frontMatter: matter, blocks };
}

function sourceOf(node: RootContent, source: string): string {
  return source.slice(node.position?.start.offset, node.position?.end.offset).trim();
}

const BLOCK_TYPES = new Set(['paragraph', 'listItem', 'code', 'heading', 'blockquote', 'tableRow']);

/** Markdown → the words a reader sees: no emphasis, code marks or links; one space between blocks. */
export function plainText(markdown: string): string {
  const parts: string[] = [];
  const visit = (node: Nodes): void => {
    const leaf = node.type === 'paragraph' || node.type === 'heading' || node.type === 'code';
    if (leaf || !('children' in node)) {
      parts.push(textOf(node));
    } else if (node.type === 'root' || BLOCK_TYPES.has(node.type) || node.type === 'list') {
      node.children.forEach(visit);
    } else {
      parts.push(textOf(node));
    }
  };
  visit(parse(markdown));
  return parts.join(' ').replace(/\s+/g, ' ').trim();
}
