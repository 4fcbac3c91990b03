import { useSearchParams } from 'wouter';

/** The filters of a screen, which are in its address; what sets one of them, or removes it with an empty value; and what removes all. */
export function useAddressFilter(): [URLSearchParams, (name: string, value: string) => void, () => void] {
  const [address, setAddress] = useSearchParams();
  const set = (name: string, value: string) =>
    setAddress((before) => {
      const next = new URLSearchParams(before);
      if (value === '') next.delete(name);
      else next.set(name, value);
      return next;
    });
  return [address, set, () => setAddress({})];
}
