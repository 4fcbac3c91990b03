import { constants, fstatSync, openSync, write } from 'node:fs';
import type { Sink } from './bounded-output.ts';

const STDERR = 2;
/** Between two attempts to write to a terminal that does not take more. */
const RETRY_MILLISECONDS = 50;

/**
 * stderr, so that a reader that stalls does not stop the event loop. Node writes to pipes and sockets without waiting; to files
 * and terminals it waits, so the writing is done by another thread.
 */
export function stderrSink(): Sink {
  const kind = fstatSync(STDERR);
  if (kind.isFIFO() || kind.isSocket()) return streamSink(process.stderr);
  return fileSink(kind.isCharacterDevice() ? openTerminal() : STDERR);
}

function streamSink(stream: NodeJS.WriteStream): Sink {
  stream.on('error', () => undefined); // the reader is gone: each write says so too
  return (text, done) => void stream.write(text, done);
}

/** The terminal as a file of our own, whose writes fail instead of waiting; stderr itself where this is not possible. */
function openTerminal(): number {
  try {
    return openSync('/proc/self/fd/2', constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return STDERR;
  }
}

function fileSink(file: number): Sink {
  return (text, done) => {
    const bytes = Buffer.from(text);
    const writeFrom = (at: number) =>
      write(file, bytes, at, bytes.length - at, null, (error, written) => {
        if (error?.code === 'EAGAIN') setTimeout(writeFrom, RETRY_MILLISECONDS, at);
        else if (error) done(error);
        else if (at + written < bytes.length) writeFrom(at + written);
        else done();
      });
    writeFrom(0);
  };
}
