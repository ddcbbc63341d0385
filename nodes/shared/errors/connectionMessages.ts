import { type RequestFailure, isCertificateCode } from './requestFailure';

/** `message`: what happened. `description`: how to get on. */
export interface Wording {
	message: string;
	description: string;
}

// n8n's HTTP layer takes these from the environment (proxy-from-env; nodejs.org/api/cli.html).
export const PROXY_VARIABLES =
	'If this n8n goes through a proxy (HTTPS_PROXY, HTTP_PROXY), check it too; NO_PROXY names hosts that go around it.';

export const PROXY_LOGIN =
	'Put user name and password into the address of the proxy that this n8n uses (HTTPS_PROXY=http://user:password@proxy:port), or let NO_PROXY name the host.';

const CERTIFICATES = new Map<string | undefined, Wording>([
	[
		'CERT_HAS_EXPIRED',
		{
			message: 'The certificate of the server has expired',
			description:
				'Check the clock of this n8n. If it is right, whoever runs the server, or the proxy that answers in its place, has to renew the certificate.',
		},
	],
	[
		'CERT_NOT_YET_VALID',
		{
			message: 'The certificate of the server is not valid yet',
			description: 'Check the clock of this n8n.',
		},
	],
	[
		'ERR_TLS_CERT_ALTNAME_INVALID',
		{
			message: 'The certificate belongs to another server',
			description: `The address ('Base URL' in the credential, or a link) is wrong, or something in between answers. ${PROXY_VARIABLES}`,
		},
	],
]);

const UNKNOWN_AUTHORITY: Wording = {
	message: 'n8n does not trust the certificate of the server',
	description:
		'Mostly a proxy or firewall that reads along answers with a certificate of its own. Save its certificate authority as a PEM file, set NODE_EXTRA_CA_CERTS of this n8n to the path of that file and restart n8n, or let NO_PROXY name the host.',
};

/** What a code of the system says of the other side's certificate, and what to set; undefined when it is about none. */
export function wordCertificate(code: string | undefined): Wording | undefined {
	return isCertificateCode(code) ? (CERTIFICATES.get(code) ?? UNKNOWN_AUTHORITY) : undefined;
}

// These mean the same whichever server on the way says them.
const SAME_FROM_ANY_SERVER = new Set([408, 413, 425, 429]);

function byAnotherServer(failure: RequestFailure): Wording | undefined {
	if (failure.kind !== 'answer' || failure.foreign !== true) return undefined;
	if (failure.status === 407) {
		return {
			message: 'The proxy asks for a login',
			description: `${PROXY_LOGIN} The request was not passed on to HiAPI.`,
		};
	}
	const { status = 500 } = failure;
	if (status >= 500 || SAME_FROM_ANY_SERVER.has(status)) return undefined;
	return {
		message: 'A server other than HiAPI refused the request',
		description: `The reply is not in the form HiAPI uses: a proxy or firewall in between may have sent it, or 'Base URL' in the credential leads elsewhere. ${PROXY_VARIABLES}`,
	};
}

/** Our sentence where HiAPI itself said nothing: what lies between n8n and HiAPI, and what to set. undefined where it did. */
export function wordConnection(failure: RequestFailure): Wording | undefined {
	const refused = byAnotherServer(failure);
	if (refused !== undefined) return refused;
	if (failure.kind === 'redirect') {
		return {
			message: 'The base URL redirects to another address',
			description:
				"Enter the final address in 'Base URL' of the credential 'HiAPI API'. The API key never follows a redirect.",
		};
	}
	if (failure.kind === 'unreadable') {
		return {
			message: 'The reply was not in the form HiAPI uses',
			description: "Check 'Base URL' in the credential: another server may have answered.",
		};
	}
	if (failure.kind !== 'network') return undefined;
	if (failure.networkCode === 'BLOCKED') {
		return {
			message: 'n8n does not allow requests to this address',
			description:
				"Check 'Base URL' in the credential, or ask whoever runs this n8n to allow the address.",
		};
	}
	if (failure.networkCode === 'STOPPED' || failure.networkCode === 'ERR_CANCELED') {
		return {
			message: 'The request was stopped',
			description: 'It was stopped by hand, or its time had run out.',
		};
	}
	const certificate = wordCertificate(failure.networkCode);
	if (certificate !== undefined) return certificate;
	return {
		message: failure.neverSent ? 'HiAPI could not be reached' : 'No answer came from HiAPI',
		description: `Check the network of this n8n and 'Base URL' in the credential. ${PROXY_VARIABLES}`,
	};
}
