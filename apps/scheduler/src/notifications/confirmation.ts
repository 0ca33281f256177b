import type { ConfirmationContent } from '@gomon/domain';
import type { Outside } from './channels/channel.ts';
import { escapeHtml } from './channels/email.ts';
import type { Receipt } from './receipt.ts';

interface ConfirmationMail extends ConfirmationContent {
  readonly id: string;
  /** The dashboard's public address; empty when unknown. */
  readonly publicUrl: string;
}

/**
 * Asks an address whether it wants alerts. Only the address itself comes from the user who entered
 * it.
 */
export function mailConfirmation(
  { id, confirmation, publicUrl }: ConfirmationMail,
  { sendMail }: Outside,
): Promise<Receipt> {
  const { channelId, address, code } = confirmation;
  const where = publicUrl
    ? `${publicUrl.replace(/\/$/, '')}/channels/${channelId}`
    : 'the page of the channel';
  const lines = [
    `Someone wants GoMon to send alerts to ${address}.`,
    `If it was you, enter this code at ${where} within a day: ${code}`,
    'If not, ignore this email: you will get no alerts.',
  ];
  const html = `<!doctype html><html><body>${lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('')}</body></html>`;
  return sendMail({
    to: [address],
    subject: 'Confirm this address for alerts',
    text: lines.join('\n\n'),
    html,
    messageId: id,
  });
}
