import { hash } from 'node:crypto';
import { paletteOf } from './brand/colour.ts';

/** Of accounts that have set no colour. */
export const USUAL_COLOUR = '#0b57d0';

const RULES = `
:root{color-scheme:light dark;--ground:#fff;--plate:#f4f5f7;--text:#1b1d22;--soft:#565b66;--line:#c9ccd3;--good:#1a7f37;--moving:#8a5a00;--bad:#b42318}
@media(prefers-color-scheme:dark){:root{--ground:#16181d;--plate:#0f1115;--text:#eceef2;--soft:#a9afbb;--line:#434853;--good:#5bc27a;--moving:#e0b050;--bad:#ff8f80}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--text);font:17px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;border-top:4px solid var(--button);overflow-wrap:break-word}
main,header,footer{max-width:30rem;margin:0 auto;padding:0 20px}
header{display:flex;align-items:center;gap:12px;padding-top:14px;font-weight:600;min-height:54px}
header img{display:block;width:auto;height:auto;max-width:160px;max-height:40px;background:#fff;border-radius:6px;padding:4px}
h1{font-size:28px;line-height:1.2;margin:12px 0 4px;display:flex;gap:12px;align-items:flex-start}
h1 svg{flex:none;width:32px;height:32px;margin-top:1px}
h2{font-size:20px;line-height:1.3;margin:0 0 8px}
p,ul,ol,dl{margin:0 0 12px}
ul,ol{padding-inline-start:24px}
li{margin-bottom:6px}
a{color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:3px;border-radius:4px}
.name{color:var(--soft);margin:0 0 8px}
.good{color:var(--good)}.moving{color:var(--moving)}.bad{color:var(--bad)}.calm{color:var(--soft)}
.note{border:1px solid var(--line);border-inline-start:4px solid var(--accent);border-radius:6px;padding:10px 14px}
.note strong{display:block}
.button{display:block;width:100%;min-height:56px;padding:13px 16px;border:2px solid var(--border);border-radius:6px;background:var(--button);color:var(--on-button);font:inherit;font-size:20px;font-weight:600;line-height:1.3;text-align:center;text-decoration:none;cursor:pointer}
.button:hover{text-decoration:underline}
.small{width:auto;min-height:44px;padding:7px 16px;font-size:17px}
.hint{color:var(--soft);font-size:15px;margin:8px 0 12px}
.progress{height:6px;border-radius:3px;background:var(--line);overflow:hidden;margin:16px 0}
.progress::before{content:"";display:block;width:35%;height:100%;background:var(--moving)}
@media(prefers-reduced-motion:no-preference){.progress::before{animation:run 1.6s ease-in-out infinite alternate}@keyframes run{to{margin-inline-start:65%}}}
section{margin-top:20px}
.code{text-align:center}
.code svg,.code img{display:block;width:min(200px,70vw);height:auto;margin:0 auto;border-radius:6px;forced-color-adjust:none}
.large svg,.large img{width:min(280px,70vw)}
details{border-top:1px solid var(--line)}
details:last-of-type{border-bottom:1px solid var(--line)}
summary{padding:13px 0;font-weight:600;cursor:pointer}
details>:not(summary){margin-inline:2px}
dt{color:var(--soft);font-size:15px}
dd{margin:2px 0 14px;display:flex;gap:12px;align-items:center;justify-content:space-between}
code{font:16px/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere;user-select:all;-webkit-user-select:all;direction:ltr;unicode-bidi:isolate}
.copy{flex:none;min-height:44px;min-width:72px;padding:6px 12px;border:1px solid var(--accent);border-radius:6px;background:none;color:var(--accent);font:inherit;font-size:15px;cursor:pointer}
[hidden]{display:none}
.links{list-style:none;padding:0}
.links a{display:inline-block;padding:8px 0}
label{display:block;margin-bottom:4px}
textarea{display:block;width:100%;min-height:84px;margin-bottom:12px;padding:10px;border:1px solid var(--soft);border-radius:6px;background:var(--ground);color:inherit;font:inherit}
footer{padding-bottom:32px;margin-top:20px}
footer ul{list-style:none;padding:0;margin:0;display:flex;flex-wrap:wrap;gap:0 20px}
footer li{margin:0}
footer a{display:inline-block;padding:8px 0}
.quiet{color:var(--soft);font-size:15px}
.again{margin:12px 0 0}
.again a{display:inline-block;padding:8px 0}
@media(min-width:720px){body{background:var(--plate)}.sheet{max-width:34rem;margin:32px auto;background:var(--ground);border:1px solid var(--line);border-radius:6px;padding:0 12px}}
@media(forced-colors:active){.button,.note,.copy{border-color:ButtonText}.progress{border:1px solid CanvasText}h1 svg{forced-color-adjust:auto}}
@media print{.button,footer,form{display:none}}
`.trim();

/** The style sheet of the pages of an account. */
export function styleSheet(colour: string): string {
  const { button, onButton, border, accent } = paletteOf(colour);
  const light = `--button:${button};--on-button:${onButton};--border:${border.light};--accent:${accent.light}`;
  const dark = `--border:${border.dark};--accent:${accent.dark}`;
  return `:root{${light}}\n@media(prefers-color-scheme:dark){:root{${dark}}}\n${RULES}\n`;
}

const version = hash('sha256', styleSheet(USUAL_COLOUR), 'base64url').slice(0, 12);

/** The name of a style sheet: it changes with its content. */
export function styleName(colour = USUAL_COLOUR): string {
  return `style-${version}-${colour.slice(1)}.css`;
}
