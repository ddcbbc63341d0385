/** Pinned: a new release must not change what a test says. */
const PINNED_N8N = '2.41.1';

/** The Node an n8n is run with. */
export interface NodeRelease {
	/** The one that is fetched when the running Node does not suit. */
	version: string;
	/** Whether n8n runs with a Node of this major version. */
	suits: (major: number) => boolean;
}

/** The n8n that tests and demo run: `N8N_NODES_HIAPI_N8N_VERSION` (an exact version such as `1.123.81`), else the pinned one. */
export const N8N_VERSION = chosen(process.env.N8N_NODES_HIAPI_N8N_VERSION);

/** n8n 2 is run with Node 24, which the newest ask for; n8n 1 with Node 22, the newest that all of its native parts know. */
export const NODE_FOR_N8N: NodeRelease = N8N_VERSION.startsWith('1.')
	? { version: '22.23.3', suits: (major) => major === 22 }
	: { version: '24.21.0', suits: (major) => major >= 24 };

function chosen(version: string | undefined): string {
	if (!version) return PINNED_N8N;
	if (!/^\d+\.\d+\.\d+$/.test(version)) {
		throw new Error(
			`N8N_NODES_HIAPI_N8N_VERSION is "${version}". It has to be an exact version of n8n, for example ${PINNED_N8N}; "npm view n8n versions" lists them.`,
		);
	}
	return version;
}
