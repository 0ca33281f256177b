/** How an attempt ended: delivered when there is no error. */
export interface Receipt {
  readonly statusCode: number | null;
  /** Of our own words, for the channel's owner to read: never what the receiver said, who may be a stranger's private server. */
  readonly error: string | null;
  /** The receiver asks to be left alone for so long. */
  readonly retryAfterSeconds?: number;
  /** Time does not mend it: the same message would always be answered so. */
  readonly isFinal?: boolean;
  /** The receiver will never want to hear from us again. */
  readonly isGone?: boolean;
}
