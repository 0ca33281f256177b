/**
 * Who owns monitors, channels, maintenance windows and status pages. For now each user owns theirs, so this is the id of a user; the
 * people who may act for an owner are decided where a request is authenticated, and nowhere else.
 */
export type OwnerId = string;
