/** The name that takes the fewest edits to reach; the first of several. undefined: there is no name. */
export function nearestTo(text: string, names: readonly string[]): string | undefined {
  const distances = names.map((name) => editsBetween(text, name));
  return names[distances.indexOf(Math.min(...distances))];
}

/** How many characters must be inserted, deleted or replaced to get from one text to the other (Levenshtein). */
function editsBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [line, character] of [...from].entries()) {
    const next = [line + 1];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (row[column - 1] as number) + (to[column - 1] === character ? 0 : 1);
      next.push(Math.min(replaced, (row[column] as number) + 1, (next[column - 1] as number) + 1));
    }
    row = next;
  }
  return row[to.length] as number;
}
