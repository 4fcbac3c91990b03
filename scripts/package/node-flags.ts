/**
 * How Node is started for a server. V8 would let its space of new objects grow to 64 MB, and fills it before it looks for garbage: half of
 * it saves 10 to 30 MB of memory and costs no speed (`npm run bench -- get-profile`). V8 reads this when it starts, so no program can set it later.
 */
export const NODE_FLAGS = ['--max-semi-space-size=16'] as const;
