import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import type { Readable } from 'node:stream';
import type { Session } from 'chdb';
import { quote } from '../sql-text.ts';

/** The engine makes a SELECT of its own of these and forgets where to: what they answer is small. */
const WITHOUT_OUTFILE = /^SHOW (?!CREATE )/;

/**
 * One reader's way out of the engine: a named pipe, since the engine can write any format to a file while it runs and
 * chdb's own streaming calls hold the event loop until the first block. The engine waits when the pipe is full, so a
 * result is never held in memory.
 */
export class ReadLane {
  readonly #pipe: string;

  constructor(pipe: string) {
    this.#pipe = pipe;
  }

  /** `body` is a canonical statement without its format. Must be the only one running on this lane. */
  start(session: Session, body: string, format: string, tail: string): RunningRead {
    return WITHOUT_OUTFILE.test(body) ? inMemory(session, body + tail, format) : this.#throughPipe(session, body, format, tail);
  }

  #throughPipe(session: Session, body: string, format: string, tail: string): RunningRead {
    const readEnd = openSync(this.#pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    // Held until the engine is done, so that the reader sees no end before it opens the pipe.
    const writeEnd = openSync(this.#pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    const output = new Socket({ fd: readEnd, readable: true, writable: false });
    output.on('error', () => {});
    const outputClosed = new Promise<void>((resolve) => output.once('close', () => resolve()));
    const finished = session.queryAsync(`${body} INTO OUTFILE ${quote(this.#pipe)} TRUNCATE FORMAT ${format}${tail}`, { format: 'Null' }).then(
      (result) => {
        closeSync(writeEnd);
        return { rowsRead: result.rowsRead, bytesRead: result.bytesRead };
      },
      (error: unknown) => {
        closeSync(writeEnd);
        throw error;
      },
    );
    // A reader that goes away early leaves bytes in the pipe for as long as the engine holds its end: the next one would read them.
    const closed = Promise.allSettled([outputClosed, finished]).then(() => undefined);
    return { output, finished, closed };
  }
}

function inMemory(session: Session, statement: string, format: string): RunningRead {
  const output = new PassThrough();
  output.on('error', () => {});
  const outputClosed = new Promise<void>((resolve) => output.once('close', () => resolve()));
  const finished = session.queryAsync(statement, { format }).then(
    (result) => {
      output.end(result.bytes());
      return { rowsRead: result.rowsRead, bytesRead: result.bytesRead };
    },
    (error: unknown) => {
      output.end();
      throw error;
    },
  );
  return { output, finished, closed: Promise.allSettled([outputClosed, finished]).then(() => undefined) };
}

export interface RunningRead {
  /** Everything the engine wrote; ends when the statement ends, well or badly. */
  readonly output: Readable;
  /** Settles before `output` ends; rejects with the engine's error. */
  readonly finished: Promise<{ readonly rowsRead: number; readonly bytesRead: number }>;
  /** Both ends of the pipe are let go of: what was not read is gone, and the lane is free. */
  readonly closed: Promise<void>;
}
