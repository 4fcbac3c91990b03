import { createContext, useContext } from 'react';
import { de } from './de.ts';
import { en, type Text } from './en.ts';

export const languages = { en, de } as const satisfies Record<string, Text>;
export type Language = keyof typeof languages;

export type Words = {
  readonly language: Language;
  readonly text: Text;
  readonly choose: (language: Language) => void;
};

export const WordsContext = createContext<Words>({ language: 'en', text: en, choose: () => undefined });

/** The words of the console in the language of the reader. */
export function useText(): Text {
  return useContext(WordsContext).text;
}

/** Numbers, times and words in the language of the reader. */
export function useWords(): Words {
  return useContext(WordsContext);
}

const SAVED = 'esim-console-language';

/** The language that the reader chose, or else the first of the browser that the console has. */
export function firstLanguage(): Language {
  const wanted = [localStorage.getItem(SAVED) ?? '', ...navigator.languages].map((tag) => tag.slice(0, 2));
  return wanted.find((tag): tag is Language => Object.hasOwn(languages, tag)) ?? 'en';
}

export function saveLanguage(language: Language): void {
  localStorage.setItem(SAVED, language);
}
