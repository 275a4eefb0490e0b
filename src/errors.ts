/** Errors that are meant to be read by a person: what happened, and how to mend it. */

export type ErrorCode =
  | 'config-invalid'
  | 'content-invalid'
  | 'encoder-missing'
  | 'encoder-failed'
  | 'index-missing'
  | 'index-damaged'
  | 'index-mismatch'
  | 'build-running'
  | 'build-failed'
  | 'term-unknown'
  | 'language-unknown'
  | 'questions-invalid';

/**
 * The base of every error this package throws on purpose. `code` is stable; `message` says what is wrong and
 * where, and ends with how to mend it. Anything else that is thrown is a bug.
 */
export class GlossarySearchError extends Error {
  override readonly name = 'GlossarySearchError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
