/** One element of an XML document. `text` is what stands in it directly, entities and CDATA resolved. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

interface Open {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: XmlElement[];
  text: string;
}

const PIECE =
  /<!\[CDATA\[([\s\S]*?)\]\]>|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!DOCTYPE[^>]*>|<\/([\w:.-]+)\s*>|<([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/y;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * The root element of a document such as a firmware catalog or a server configuration profile; undefined where the text is no
 * well-formed XML. Document types and their entities are not looked at, so nothing outside the text is ever read.
 */
export function parseXml(text: string): XmlElement | undefined {
  const open: Open[] = [{ name: '', attributes: {}, children: [], text: '' }];
  PIECE.lastIndex = text.startsWith('\uFEFF') ? 1 : 0;
  while (PIECE.lastIndex < text.length) {
    const piece = PIECE.exec(text);
    const top = open.at(-1);
    if (piece === null || top === undefined) return undefined;
    const [, cdata, closing, opening, attributes = '', isEmpty, plain] = piece;
    if (cdata !== undefined) top.text += cdata;
    else if (plain !== undefined) top.text += decode(plain);
    else if (opening !== undefined) {
      const element = { name: opening, attributes: attributesOf(attributes), children: [], text: '' };
      top.children.push(element);
      if (isEmpty !== '/') open.push(element);
    } else if (closing !== undefined) {
      if (open.length < 2 || top.name !== closing) return undefined;
      open.pop();
    }
  }
  return open.length === 1 && open[0]?.children.length === 1 ? open[0].children[0] : undefined;
}

/** The elements below one, at any depth, with that name. */
export function elementsOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return (element?.children ?? []).flatMap((child) => [
    ...(child.name === name ? [child] : []),
    ...elementsOf(child, name),
  ]);
}

/** Text made fit to stand in an element or an attribute. */
export function escapeXml(text: string): string {
  return text.replaceAll(/[<>&"]/g, (sign) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;' })[sign] ?? '&quot;');
}

function attributesOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(ATTRIBUTE)].map(([, name = '', double, single]) => [
      name,
      decode(double ?? single ?? ''),
    ]),
  );
}

function decode(text: string): string {
  return text.replaceAll(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(String(hex), 16));
    return ENTITIES[String(name)] ?? String(whole);
  });
}
