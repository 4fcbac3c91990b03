/**
 * Loaded before a program (`--import`): its clock is TEST_CLOCK_DAYS days ahead of the real one, and a message of the parent process can move
 * it (`moveClock` in server.ts). Timers run as usual.
 */
let ahead = Number(process.env.TEST_CLOCK_DAYS) * 86_400_000;
const RealDate = Date;
const realNow = Date.now;
Date.now = () => realNow() + ahead;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [Date.now()] : args, newTarget),
});
process.on('message', (message: { readonly clockAhead?: number }) => {
  if (message.clockAhead !== undefined) ahead = message.clockAhead;
});
process.channel?.unref();
