/**
 * A row of the table `migration` that marks a database into which a copy has not finished: to every version of this program it is newer
 * than what it knows, so no server starts with half of the data.
 */
export const UNFINISHED_COPY = 1_000_000;
