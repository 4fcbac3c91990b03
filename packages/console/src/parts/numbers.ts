import { useWords } from '../text/text.ts';

/** Writes whole numbers as the reader's language does. */
export function useNumber(): (value: number) => string {
  const { language } = useWords();
  return (value) => value.toLocaleString(language);
}
