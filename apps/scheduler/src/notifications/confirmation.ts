import type { ConfirmationContent } from '@gomon/domain';
import type { Outside, Receipt } from './channels/channel.ts';
import { escapeHtml } from './channels/email.ts';

interface ConfirmationMail extends ConfirmationContent {
  readonly id: string;
  /** Where people find GoMon; empty when nobody said. */
  readonly publicUrl: string;
}

/** Asks an address whether alerts may be mailed to it. Nothing in it but the address was chosen by whoever asked for it. */
export function mailConfirmation({ id, confirmation, publicUrl }: ConfirmationMail, { sendMail }: Outside): Promise<Receipt> {
  const { channelId, address, code } = confirmation;
  const where = publicUrl ? `${publicUrl.replace(/\/$/, '')}/channels/${channelId}` : 'the page of the channel';
  const lines = [
    `Somebody wants GoMon to mail alerts to ${address}.`,
    `If that is you, enter this code at ${where} within a day: ${code}`,
    'If not, do nothing: no alert will be mailed to you.',
  ];
  const html = `<!doctype html><html><body>${lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('')}</body></html>`;
  return sendMail({ to: [address], subject: 'Confirm this address for alerts', text: lines.join('\n\n'), html, messageId: id });
}
