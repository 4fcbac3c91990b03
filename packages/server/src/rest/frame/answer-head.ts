import type { FastifyReply } from 'fastify';

/** The status and the headers of an answer. A change returns its answer and cannot send it: its audit entry is written first. */
export type AnswerHead = Pick<FastifyReply, 'request' | 'raw'> & {
  readonly status: (code: number) => AnswerHead;
  readonly header: (name: string, value: string) => AnswerHead;
  readonly type: (mediaType: string) => AnswerHead;
};
