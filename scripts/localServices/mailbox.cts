import type { AddressInfo } from 'node:net';

import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** A mail as it arrived. `text` is decoded and without its final line break; of a mail in HTML it is what one reads, with links in brackets. */
export interface Mail {
	to: string;
	subject: string;
	text: string;
	/** Absent when there are none. */
	attachments?: Array<{ name?: string; type: string; bytes: Buffer }>;
}

/** A local mail server that takes everything and sends nothing on. */
export interface Mailbox {
	/** Values of a credential of type "SMTP". */
	credential: Record<string, unknown>;
	mails: Mail[];
	close: () => Promise<void>;
}

/** Starts a mail server that wants neither encryption nor a log-in. `onMail` is called with each mail. */
export async function startMailbox(onMail?: (mail: Mail) => void): Promise<Mailbox> {
	const mails: Mail[] = [];
	const server = new SMTPServer({
		authOptional: true,
		disabledCommands: ['AUTH', 'STARTTLS'],
		logger: false,
		onData: (stream, session, accepted) => {
			simpleParser(stream).then(
				({ subject = '', text = '', attachments }) => {
					const to = session.envelope.rcptTo.map(({ address }) => address).join(', ');
					const mail: Mail = { to, subject, text: text.trimEnd() };
					if (attachments.length > 0)
						mail.attachments = attachments.map(({ filename, contentType, content }) => ({
							name: filename,
							type: contentType,
							bytes: content,
						}));
					mails.push(mail);
					onMail?.(mail);
					accepted();
				},
				(error: Error) => accepted(error),
			);
		},
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.server.address() as AddressInfo;
	return {
		credential: {
			host: '127.0.0.1',
			port,
			secure: false,
			disableStartTls: true,
			user: '',
			password: '',
		},
		mails,
		close: async () => await new Promise((resolve) => server.close(() => resolve())),
	};
}
