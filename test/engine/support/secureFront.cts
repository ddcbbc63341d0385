import { createServer } from 'node:https';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';

import { generate } from 'selfsigned';

/** A certificate and its key, both PEM; the certificate with those that issued it. */
export interface Certificate {
	key: string;
	cert: string;
}

/** One of each kind that a server on 127.0.0.1 may come with, and the authority that issued `ofOwnAuthority`. */
export interface Certificates {
	selfSigned: Certificate;
	expired: Certificate;
	ofOwnAuthority: Certificate;
	/** PEM, as NODE_EXTRA_CA_CERTS takes it. */
	authority: string;
}

const DAY_MS = 86_400_000;
const NAME = [{ name: 'commonName', value: '127.0.0.1' }];
const SERVER = {
	algorithm: 'sha256',
	keyType: 'ec' as const,
	extensions: [
		{
			name: 'subjectAltName' as const,
			altNames: [
				{ type: 7 as const, ip: '127.0.0.1' },
				// What Node.js compares with where an address of numbers is reached through a tunnel.
				{ type: 2 as const, value: 'localhost' },
			],
		},
	],
};

const pem = ({ private: key, cert }: { private: string; cert: string }): Certificate => ({
	key,
	cert,
});

export async function makeCertificates(): Promise<Certificates> {
	const authority = await generate([{ name: 'commonName', value: 'A proxy that reads along' }], {
		...SERVER,
		extensions: [
			{ name: 'basicConstraints', cA: true, critical: true },
			{ name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
		],
	});
	const issued = await generate(NAME, {
		...SERVER,
		ca: { key: authority.private, cert: authority.cert },
	});
	return {
		selfSigned: pem(await generate(NAME, SERVER)),
		expired: pem(
			await generate(NAME, {
				...SERVER,
				notBeforeDate: new Date(Date.now() - 30 * DAY_MS),
				notAfterDate: new Date(Date.now() - DAY_MS),
			}),
		),
		ofOwnAuthority: { key: issued.private, cert: `${issued.cert}\n${authority.cert}` },
		authority: authority.cert,
	};
}

/** The same server once more, over TLS on 127.0.0.1. */
export interface SecureFront {
	origin: string;
	close(): Promise<void>;
}

/** Puts TLS with this certificate in front of a plain http server. */
export async function secureFront(
	plainOrigin: string,
	certificate: Certificate,
): Promise<SecureFront> {
	const server = createServer(certificate, (incoming, outgoing) => {
		const { method, headers, url } = incoming;
		const passedOn = request(`${plainOrigin}${url}`, { method, headers }, (reply) => {
			outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
			reply.pipe(outgoing);
		});
		passedOn.on('error', () => outgoing.destroy());
		incoming.pipe(passedOn);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
