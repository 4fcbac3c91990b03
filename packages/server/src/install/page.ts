import { createLruCache } from '../limits/lru-cache.ts';
import { type Html, html, joined } from '../shapes/html.ts';
import { document } from './document.ts';
import { fill, languages } from './languages.ts';
import type { LinkState } from './link-state.ts';
import { helpSection } from './page-help.ts';
import { fillPlaces, type Prepared, prepare } from './prepared.ts';
import type { Texts } from './texts/texts.ts';
import { places, values } from './values.ts';
import { type Layout, layoutOf, type PageView } from './view.ts';

/** Layouts that are kept. A page has one of some hundred for each account. */
const MOST_LAYOUTS = 1000;
const layouts = createLruCache<Prepared<PageView>>(MOST_LAYOUTS);

/** The page of a link. */
export function installPage(view: PageView): Buffer {
  const layout = layoutOf(view);
  const key = JSON.stringify(layout);
  const known = layouts.get(key);
  if (known !== undefined) return fillPlaces(known, view);
  const prepared = prepare(layOut(layout), values);
  layouts.set(key, prepared);
  return fillPlaces(prepared, view);
}

/** The same, of a brand that is not kept, because it may have the content of a logo. */
export function previewPage(view: PageView): Buffer {
  return fillPlaces(prepare(layOut(layoutOf(view)), values), view);
}

/** All of a page but its values, in the order in which a customer needs it. */
function layOut(layout: Layout): Html {
  const { language, state, hasCode, isChosen } = layout;
  const { texts } = languages[language];
  const { path, stamp } = places;
  const isLive = state !== 'cancelled' && state !== 'installed';
  return document(
    layout,
    texts[state],
    {
      path,
      attributes: html`data-copied="${texts.copied}" data-stamp="${stamp}"${isLive && html` data-live="${path}/state" data-query="${isChosen && `?lang=${language}`}"`}`,
    },
    html`${headline(layout, texts)}
${hasCode && installSections(layout, texts)}
${helpSection(layout, path, texts)}`,
  );
}

const SHAPES = {
  good: '<circle cx="12" cy="12" r="10"/><path d="m7.5 12.5 3 3 6-6.5"/>',
  moving: '<circle cx="12" cy="12" r="10"/><path d="M12 6.5v9m-4-3.5 4 4 4-4"/>',
  calm: '<circle cx="12" cy="12" r="10"/><path d="M12 6.5V12l3.5 2"/>',
  bad: '<circle cx="12" cy="12" r="10"/><path d="M12 6.5v7m0 3v.5"/>',
} as const;
type Tone = keyof typeof SHAPES;

const tones: Readonly<Record<LinkState, Tone>> = {
  preparing: 'calm',
  waiting: 'good',
  downloading: 'moving',
  interrupted: 'bad',
  installed: 'good',
  deleted: 'calm',
  expired: 'calm',
  support: 'bad',
  cancelled: 'calm',
};

function headline({ state, hasCode, isReplacement }: Layout, texts: Texts): Html {
  const tone = tones[state];
  const icon = html.trusted(
    `<svg class="${tone}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${SHAPES[tone]}</svg>`,
  );
  const text = state === 'waiting' && !hasCode ? texts.byItself : texts[`${state}Text`];
  return html`<h1>${icon}<span>${texts[state]}</span></h1>
<p class="name"><bdi>${places.profileName}</bdi></p>
${isReplacement && state === 'waiting' && html`<p class="note">${texts.replaced}</p>`}
<p>${text}</p>
${state === 'downloading' && html`<div class="progress" aria-hidden="true"></div>`}`;
}

function installSections(layout: Layout, texts: Texts): Html {
  const { device, needsConfirmationCode } = layout;
  return html`${device.isEmbedded && html`<p class="note">${texts.embedded}</p>`}
${device.takesLink && button(layout, texts)}
${needsConfirmationCode && html`<p class="note confirmation"><strong>${texts.confirmation}</strong> ${texts.confirmationText}</p>`}
${qrSection(layout, texts)}
<section class="ways">
${device.system === 'other' && otherLinks(texts)}
${manualEntry(texts, device.system === 'other')}
${joined(steps(layout, texts))}
</section>
<section><h2>${texts.know}</h2>
<ul><li>${texts.knowConnection}</li><li>${texts.knowOnce}</li><li>${texts.knowDelete}</li></ul>
<p class="quiet">${fill(texts.until, { date: `${places.until}` })}</p></section>`;
}

function button({ device: { system } }: Layout, texts: Texts): Html {
  const hints = { apple: texts.appleHint, android: texts.androidHint, windows: texts.windowsHint };
  if (system === 'other') return html``;
  return html`<p><a class="button" id="install" href="${places[system]}" rel="noreferrer">${texts.install}</a></p>
<p class="hint">${hints[system]}</p>`;
}

/** On an iPhone it is a picture, because its system finds codes in pictures that are held. */
function qrSection({ device: { system, takesLink } }: Layout, texts: Texts): Html {
  const picture =
    system === 'apple'
      ? html`<img id="code" alt="${texts.scanAlt}" width="280" height="280" src="data:image/png;base64,${places.png}">`
      : html`<svg id="code" role="img" aria-label="${texts.scanAlt}"${places.svg}`;
  const heading = html`<h2>${takesLink ? texts.scanOther : texts.scan}</h2>`;
  return html`<section class="code${!takesLink && ' large'}">${heading}
${picture}${system === 'apple' && takesLink && html`<p class="hint">${texts.hold}</p>`}</section>`;
}

/** For devices that hide what they are, such as an iPad. */
function otherLinks(texts: Texts): Html {
  const { apple, android, windows } = places;
  return html`<details><summary>${texts.thisDevice}</summary>
<ul class="links"><li><a href="${apple}" rel="noreferrer">iPhone, iPad</a></li>
<li><a href="${android}" rel="noreferrer">Android</a></li>
<li><a href="${windows}" rel="noreferrer">Windows 11</a></li></ul></details>`;
}

function manualEntry(texts: Texts, isOpen: boolean): Html {
  const { whole, smdpAddress, matchingId } = places;
  const entry = (id: string, name: string, value: Html) =>
    html`<dt id="${id}-name">${name}</dt><dd><code id="${id}">${value}</code><button type="button" class="copy" id="${id}-copy" data-copy="${id}" aria-labelledby="${id}-copy ${id}-name" hidden>${texts.copy}</button></dd>`;
  return html`<details class="manual"${isOpen && html` open`}><summary>${texts.manual}</summary>
<p class="quiet">${texts.manualText}</p>
<dl>${entry('address', texts.address, smdpAddress)}
${entry('matching', texts.activationCode, matchingId)}
${entry('whole', texts.wholeCode, whole)}</dl></details>`;
}

const systems = [
  ['apple', 'iPhone, iPad', 'stepApple'],
  ['android', 'Android', 'stepAndroid'],
  ['windows', 'Windows', 'stepWindows'],
] as const;

/** Those of the device at hand; all of them where another phone is meant. */
function steps({ device: { system } }: Layout, texts: Texts): Html[] {
  return systems
    .filter(([own]) => system === 'other' || own === system)
    .map(
      ([, name, first]) => html`<details><summary>${fill(texts.steps, { system: name })}</summary>
<ol><li>${texts[first]}</li><li>${texts.stepScan}</li><li>${texts.stepFollow}</li></ol></details>`,
    );
}
