/** A picture as SVG that can be read in light and dark, and by a screen reader. Lengths are pixels. */
export type Picture = {
  readonly title: string;
  readonly about: string;
  readonly width: number;
  readonly height: number;
  readonly parts: readonly string[];
};

const STYLE = `svg{color-scheme:light dark;font:15px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
.ground{fill:#fff}.box{fill:#f4f5f7;stroke:#8a909c}.strong{fill:#dce8ff;stroke:#0b57d0}text{fill:#1b1d22}.soft{fill:#4b505b;font-size:13px}
.line{fill:none;stroke:#4b505b;stroke-width:1.5}.tip{fill:#4b505b}.name{font-size:14px;font-weight:600}
@media(prefers-color-scheme:dark){.ground{fill:#16181d}.box{fill:#1f2229;stroke:#6d7480}.strong{fill:#16305c;stroke:#8ab4ff}text{fill:#eceef2}.soft{fill:#b9bec9}.line{stroke:#b9bec9}.tip{fill:#b9bec9}}`;

export function svg({ title, about, width, height, parts }: Picture): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title about">
<title id="title">${escaped(title)}</title>
<desc id="about">${escaped(about)}</desc>
<style>${STYLE}</style>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path class="tip" d="M0 0L8 4L0 8z"/></marker></defs>
<rect class="ground" width="${width}" height="${height}"/>
${parts.join('\n')}
</svg>
`;
}

type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** A box with a name, and lines of text below it. */
export function box(
  { x, y, width, height }: Box,
  name: string,
  lines: readonly string[] = [],
  isStrong = false,
): string {
  const middle = x + width / 2;
  const top = y + height / 2 + 5 - lines.length * 9;
  return [
    `<rect class="${isStrong ? 'strong' : 'box'}" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>`,
    `<text class="name" x="${middle}" y="${top}" text-anchor="middle">${escaped(name)}</text>`,
    ...lines.map(
      (line, i) =>
        `<text class="soft" x="${middle}" y="${top + 19 + i * 17}" text-anchor="middle">${escaped(line)}</text>`,
    ),
  ].join('\n');
}

/** An arrow along a path, such as `M0 0H40`. */
export function arrow(path: string): string {
  return `<path class="line" d="${path}" marker-end="url(#tip)"/>`;
}

export function label(
  x: number,
  y: number,
  text: string,
  anchor: 'start' | 'middle' | 'end' = 'middle',
): string {
  return `<text class="soft" x="${x}" y="${y}" text-anchor="${anchor}">${escaped(text)}</text>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
