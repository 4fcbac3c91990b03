import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { DatabaseSync } from 'node:sqlite';

/** Loaded before a server (`--import`) that only a benchmark uses: nothing of its database is synced to the disk. */
const exec = DatabaseSync.prototype.exec;
DatabaseSync.prototype.exec = function (text) {
  exec.call(this, text);
  if (text.startsWith('pragma synchronous')) exec.call(this, 'pragma synchronous = off');
};
fs.fdatasync = ((_file: number, done: (error: null) => void) =>
  void setImmediate(done, null)) as typeof fs.fdatasync;
syncBuiltinESMExports();
