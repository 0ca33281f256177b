/** An account. */
export interface User {
  readonly id: string;
  /** As it was given; unique whatever its case. */
  readonly username: string;
  readonly createdAt: Date;
}
