/** Red, green and blue, 0 to 255 each. */
type Rgb = readonly [number, number, number];

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
/** The grounds of the page, in light and in dark. */
const GROUNDS = { light: WHITE, dark: [22, 24, 29] } as const satisfies Record<string, Rgb>;

/** The least contrast of text (WCAG 2.2, 1.4.3), and of what marks a control (1.4.11). */
const TEXT = 4.5;
const SHAPE = 3;

const COLOUR = /^#[0-9a-f]{6}$/;

/** Whether a text is a colour as #rrggbb, in lower case. */
export function isColour(text: string): boolean {
  return COLOUR.test(text);
}

/** What the page makes of the colour of an account: every text stays readable, whatever the colour is. */
export type Palette = {
  /** Of the button, and of the text on it. */
  readonly button: string;
  readonly onButton: string;
  /** The border of the button: its own colour, unless that is too near to the ground. */
  readonly border: { readonly light: string; readonly dark: string };
  /** Of links, and of what has the focus. */
  readonly accent: { readonly light: string; readonly dark: string };
};

export function paletteOf(colour: string): Palette {
  const button = parse(colour);
  const onButton = contrast(button, WHITE) >= contrast(button, BLACK) ? WHITE : BLACK;
  const accent = {
    light: format(moveTo(button, BLACK, GROUNDS.light)),
    dark: format(moveTo(button, WHITE, GROUNDS.dark)),
  };
  const border = (ground: 'light' | 'dark') =>
    contrast(button, GROUNDS[ground]) >= SHAPE ? colour : accent[ground];
  return {
    button: colour,
    onButton: format(onButton),
    border: { light: border('light'), dark: border('dark') },
    accent,
  };
}

/** The nearest colour on the way to `end` that is readable on the ground. */
function moveTo(from: Rgb, end: Rgb, ground: Rgb): Rgb {
  const steps = Array.from({ length: 21 }, (_, i) => mix(from, end, i / 20));
  return steps.find((colour) => contrast(colour, ground) >= TEXT) ?? end;
}

function mix(from: Rgb, to: Rgb, part: number): Rgb {
  return from.map((value, i) => Math.round(value + ((to[i] ?? 0) - value) * part)) as unknown as Rgb;
}

function parse(colour: string): Rgb {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)) as unknown as Rgb;
}

function format(colour: Rgb): string {
  return `#${colour.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** The contrast ratio of two colours (WCAG 2.2). */
function contrast(one: Rgb, other: Rgb): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** The contrast ratio of two colours in #rrggbb. */
export function contrastOf(one: string, other: string): number {
  return contrast(parse(one), parse(other));
}

function luminance(colour: Rgb): number {
  const [red = 0, green = 0, blue = 0] = colour.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
