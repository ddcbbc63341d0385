import { createServer, type AddressInfo, type Socket } from 'node:net';

/** A mail as it arrived. `text` is decoded and without its final line break. */
export interface Mail {
	to: string;
	subject: string;
	text: string;
}

/** A local mail server that takes everything and sends nothing on. */
export interface Mailbox {
	/** Values of a credential of type "SMTP". */
	credential: Record<string, unknown>;
	mails: Mail[];
	close: () => Promise<void>;
}

/** Starts a mail server that knows as much of SMTP as n8n's Send Email needs, without encryption or log-in. */
export async function startMailbox(): Promise<Mailbox> {
	const mails: Mail[] = [];
	const open = new Set<Socket>();
	const server = createServer((socket) => {
		open.add(socket);
		socket.on('close', () => open.delete(socket));
		socket.on('error', () => socket.destroy());
		converse(socket, mails);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
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
		close: async () => {
			open.forEach((socket) => socket.destroy());
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

function converse(socket: Socket, mails: Mail[]): void {
	let received = '';
	let to = '';
	let isData = false;
	socket.setEncoding('latin1');
	socket.write('220 mailbox\r\n');
	socket.on('data', (chunk: string) => {
		received += chunk;
		for (;;) {
			const ending = isData ? '\r\n.\r\n' : '\r\n';
			const end = received.indexOf(ending);
			if (end < 0) return;
			const part = received.slice(0, end);
			received = received.slice(end + ending.length);
			if (isData) mails.push(readMail(to, part));
			else to = /^RCPT TO:<(.*?)>/i.exec(part)?.[1] ?? to;
			isData = !isData && /^DATA/i.test(part);
			socket.write(isData ? '354 go on\r\n' : '250 fine\r\n');
		}
	});
}

function readMail(to: string, raw: string): Mail {
	const split = raw.indexOf('\r\n\r\n');
	// a long header goes on in lines that begin with a space
	const head = raw.slice(0, split).replace(/\r\n\s+/g, ' ');
	const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1].trim() ?? '';
	const body = raw.slice(split + 4);
	const text = /quoted-printable/i.test(header('Content-Transfer-Encoding'))
		? decodeQuotedPrintable(body)
		: body;
	return { to, subject: header('Subject'), text: text.replace(/\r\n/g, '\n').trimEnd() };
}

function decodeQuotedPrintable(text: string): string {
	const bytes = text
		.replace(/=\r\n/g, '')
		.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
	return Buffer.from(bytes, 'latin1').toString('utf8');
}
