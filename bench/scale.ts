/** `npm run bench -- --quick` shows in seconds that every benchmark runs. Its numbers mean nothing. */
export const isQuick = process.argv.includes('--quick');

/** A number of profiles, requests or turns, or a hundredth of it in a quick run. */
export function scaled(count: number): number {
  return isQuick ? Math.ceil(count / 100) : count;
}
