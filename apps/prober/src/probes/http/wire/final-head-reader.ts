import { TargetFault } from '../../failure-reason.ts';
import { createHeadReader, type HeadReader, type ReadHead } from './head-reader.ts';

/** Servers may send any number of 1xx answers first; beyond this limit they only keep us busy. */
const MAX_INTERIM_ANSWERS = 20;

/** Reads the head of the final answer and skips interim ones. */
export function createFinalHeadReader(): HeadReader {
  let reader = createHeadReader();
  let interimAnswers = 0;

  function isFinal({ head: { statusCode } }: ReadHead): boolean {
    if (statusCode >= 200) return true;
    if (statusCode === 101) throw new TargetFault('protocol', 'unwanted_upgrade');
    if (++interimAnswers > MAX_INTERIM_ANSWERS)
      throw new TargetFault('protocol', 'too_many_interim_answers');
    return false;
  }

  return {
    push(chunk) {
      for (let bytes = chunk; bytes.length > 0;) {
        const read = reader.push(bytes);
        if (!read || isFinal(read)) return read;
        reader = createHeadReader();
        bytes = read.rest;
      }
      return null;
    },
    end() {
      const read = reader.end();
      return read && read.head.statusCode >= 200 ? read : null;
    },
  };
}
