import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { documents, ROOT, textOf } from './docs-text.ts';

/** The anchors that a browser of the repository gives the headings of a document. */
function anchorsOf(text: string): Set<string> {
  const seen = new Map<string, number>();
  const anchors = new Set<string>();
  for (const [, heading = ''] of withoutCode(text).matchAll(/^#{1,6} +(.+?) *$/gm)) {
    const words = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[`*]/g, '');
    const slug = words
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    anchors.add(times === 0 ? slug : `${slug}-${times}`);
  }
  return anchors;
}

function withoutCode(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```/gm, '');
}

/** Links and pictures of a document that lead nowhere in the project. */
function brokenIn(file: string): string[] {
  const links = [...withoutCode(textOf(file)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [to = '', anchor] = link.split('#');
      const target = to === '' ? file : path.join(path.dirname(file), to);
      if (!existsSync(path.join(ROOT, target))) return true;
      return anchor !== undefined && !anchorsOf(textOf(target)).has(anchor);
    })
    .map((link) => `${file}: ${link}`);
}

describe('links in the documents', () => {
  it('lead to a file, a picture or a heading that is there', () => {
    expect(documents().flatMap(brokenIn)).toEqual([]);
  });

  it('are told apart by the words of their headings', () => {
    expect([...anchorsOf('# What is *real*?\n## `apply` & more\n## Twice\n## Twice\n')]).toEqual([
      ...['what-is-real', 'apply--more', 'twice', 'twice-1'],
    ]);
  });
});
