import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { IDataObject } from 'n8n-workflow';

import { USER_AGENT } from '../../nodes/shared/userAgent';
import { BinaryStorage } from './support/binaryStorage.cts';
import { runInEngine, type EngineResult } from './support/engine.cts';
import {
	credentialFor,
	newSimulator,
	prompts,
	runAndWait,
	stopSimulators,
	type Simulator,
} from './support/hiApi.cts';
import { nodeWarnings } from './support/nodeLog.cts';
import { startProxy, withEnvironment, type TestProxy } from './support/proxies.cts';
import {
	makeCertificates,
	secureFront,
	type Certificates,
	type SecureFront,
} from './support/secureFront.cts';

// What lies between n8n and HiAPI: proxies and certificates, for the API, for files and for the catalogue. The proxy is
// in the environment of this process, so these tests run one after another.
jest.setTimeout(120_000);

const NOTHING_BOUGHT = /No task was created and nothing was charged/;
const MANNERS = ['asksForLogin', 'refuses'] as const;
const KINDS = ['selfSigned', 'expired', 'ofOwnAuthority'] as const;
const SAYS = {
	selfSigned: [
		/does not trust the certificate/,
		/NODE_EXTRA_CA_CERTS.*DEPTH_ZERO_SELF_SIGNED_CERT/,
	],
	expired: [/certificate of the server has expired/, /clock.*CERT_HAS_EXPIRED/],
	ofOwnAuthority: [
		/does not trust the certificate/,
		/NODE_EXTRA_CA_CERTS.*SELF_SIGNED_CERT_IN_CHAIN/,
	],
} as const;

let certificates: Certificates;
let simulator: Simulator;
let storage: BinaryStorage;
let warnings: string[];
const open: Array<SecureFront | TestProxy> = [];

beforeAll(async () => {
	certificates = await makeCertificates();
	storage = await BinaryStorage.open();
	warnings = nodeWarnings();
});
beforeEach(async () => {
	simulator = await newSimulator();
});
afterEach(async () => {
	await Promise.all(open.splice(0).map(async (server) => await server.close()));
	await stopSimulators();
});
afterAll(() => storage.close());

async function kept<T extends SecureFront | TestProxy>(server: Promise<T>): Promise<T> {
	open.push(await server);
	return await server;
}

const front = async (kind: (typeof KINDS)[number]) =>
	await kept(secureFront(simulator.origin, certificates[kind]));

const run = async (
	credential: IDataObject = {},
	parameters: IDataObject = {},
): Promise<EngineResult> =>
	await runInEngine({
		credential: { ...credentialFor(simulator), ...(credential as Record<string, string>) },
		parameters: runAndWait(parameters),
		items: prompts(1),
	});

const listModels = { resource: 'model', operation: 'getAll', returnAll: false, limit: 3 };

describe('certificates', () => {
	test.each(KINDS)('%s, of the API: nothing was created, and what to set', async (kind) => {
		const { origin } = await front(kind);
		const { error } = await run({ baseUrl: `${origin}/v1` });
		const [message, description] = SAYS[kind];
		expect(error?.message).toMatch(message);
		expect(error?.description).toMatch(description);
		expect(error?.description).toMatch(NOTHING_BOUGHT);
		expect(simulator.requests).toHaveLength(0);
	});

	test.each(KINDS)(
		'%s, of the server of a file: the task is kept, and what to set',
		async (kind) => {
			const { origin } = await front(kind);
			simulator.plan({ outputs: [{ type: 'image', url: `${origin}/files/a.png` }] });
			const { json, error } = await run({}, { downloadOutputs: true });
			expect(error).toBeUndefined();
			const [message, description] = SAYS[kind];
			const [failure] = json[0].downloadFailures as Array<Record<string, string>>;
			expect(failure.message).toMatch(message);
			expect(`${failure.description} ${failure.message}`).toMatch(description);
		},
	);

	test.each(KINDS)(
		'%s, of the catalogue: the bundled list, and a line in the log',
		async (kind) => {
			const { origin } = await front(kind);
			const { json, error } = await run({ catalogUrl: origin }, listModels);
			expect(error).toBeUndefined();
			expect(json.map(({ source }) => source)).toEqual(['snapshot', 'snapshot', 'snapshot']);
			const line = warnings.find((text) => text.includes(new URL(origin).host));
			expect(line).toMatch(/catalogue.*cannot be read/);
			expect(line).toMatch(SAYS[kind][0]);
		},
	);
});

describe('a proxy that lets nothing through', () => {
	const WORDS = {
		asksForLogin: [/proxy asks for a login/, /HTTPS_PROXY=http:\/\/user.*NO_PROXY/],
		refuses: [/server other than HiAPI refused/, /proxy or firewall.*NO_PROXY/],
	} as const;
	test.each(MANNERS)('%s, for the API: not blamed on the account', async (manner) => {
		const proxy = await kept(startProxy(manner));
		const { origin } = await front('ofOwnAuthority');
		const { error } = await withEnvironment(
			{ HTTPS_PROXY: proxy.url },
			async () => await run({ baseUrl: `${origin}/v1` }),
		);
		expect(proxy.asked).toEqual([new URL(origin).host]);
		expect(error?.message).toMatch(WORDS[manner][0]);
		expect(error?.description).toMatch(WORDS[manner][1]);
		expect(`${error?.message} ${error?.description}`).not.toMatch(/API key|account|balance/);
		expect(simulator.requests).toHaveLength(0);
	});

	test.each(MANNERS)('%s, for a file', async (manner) => {
		const proxy = await kept(startProxy(manner));
		const { origin } = await front('ofOwnAuthority');
		simulator.plan({
			outputs: [{ type: 'image', url: `${origin}/files/a.png` }],
			// Long enough ago that the file cannot be on its way any more.
			reported: { completed: 1_700_000_000 },
		});
		const { json } = await withEnvironment(
			{ HTTPS_PROXY: proxy.url },
			async () => await run({}, { downloadOutputs: true }),
		);
		const [failure] = json[0].downloadFailures as Array<Record<string, string>>;
		expect(`${failure.message} ${failure.description}`).toMatch(/proxy/i);
	});

	test.each(MANNERS)('%s, for the catalogue', async (manner) => {
		const proxy = await kept(startProxy(manner));
		const { json } = await withEnvironment(
			{ HTTP_PROXY: proxy.url, NO_PROXY: new URL(simulator.origin).host },
			// A host that did not answer is not asked again for a minute.
			async () => await run({ catalogUrl: `http://${manner}.example.com` }, listModels),
		);
		expect(json[0].source).toBe('snapshot');
		const line = warnings.at(-1);
		expect(line).toContain(`catalogue at ${manner.toLowerCase()}.example.com cannot be read`);
		expect(line).toMatch(WORDS[manner][0]);
	});

	test('a proxy that is not there: nothing was created', async () => {
		const { origin } = await front('ofOwnAuthority');
		const { error } = await withEnvironment(
			{ HTTPS_PROXY: 'http://127.0.0.1:1' },
			async () => await run({ baseUrl: `${origin}/v1` }, { options: { timeout: 0.05 } }),
		);
		expect(error?.message).toBe('HiAPI could not be reached');
		expect(error?.description).toMatch(NOTHING_BOUGHT);
		expect(error?.description).toMatch(/HTTPS_PROXY.*ECONNREFUSED/);
	});

	test('NO_PROXY goes around it', async () => {
		const proxy = await kept(startProxy('refuses'));
		const { json, error } = await withEnvironment(
			{ HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1,localhost' },
			async () => await run({}, { downloadOutputs: true }),
		);
		expect(error).toBeUndefined();
		expect(json[0].status).toBe('success');
		expect(json[0]).not.toHaveProperty('downloadFailures');
		expect(proxy.asked).toEqual([]);
	});
});

test('NODE_EXTRA_CA_CERTS and a proxy that tunnels: API, file and catalogue go through it', async () => {
	const proxy = await kept(startProxy('passesOn'));
	const { origin } = await front('ofOwnAuthority');
	simulator.plan({ outputs: [{ type: 'image', url: `${origin}/files/tk-1/0.png` }] });
	simulator.plan({}, {});
	const folder = mkdtempSync(join(tmpdir(), 'hiapi-ca-'));
	const file = join(folder, 'ca.pem');
	writeFileSync(file, certificates.authority);
	const credential = { ...credentialFor(simulator), baseUrl: `${origin}/v1`, catalogUrl: origin };
	try {
		const { stdout } = await promisify(execFile)(
			process.execPath,
			[
				'--require',
				'tsx/cjs',
				join(__dirname, 'support', 'runTrusting.cts'),
				JSON.stringify(credential),
			],
			{
				env: {
					...process.env,
					NODE_EXTRA_CA_CERTS: file,
					HTTPS_PROXY: proxy.url,
					NO_PROXY: '',
				},
			},
		);
		const result = JSON.parse(stdout.trim().split('\n').at(-1) as string) as IDataObject;
		expect(result.error).toBeUndefined();
		expect(result.json).toMatchObject({ status: 'success' });
	} finally {
		rmSync(folder, { recursive: true });
	}
	expect(simulator.purchases).toBe(1);
	expect(new Set(proxy.asked)).toEqual(new Set([new URL(origin).host]));
	const paths = simulator.requests.map(({ pathname }) => pathname);
	expect(paths).toEqual(
		expect.arrayContaining([
			'/v1/tasks',
			expect.stringMatching(/^\/files\//),
			expect.stringMatching(/^\/(docs|api)\//),
		]),
	);
});

test('every request names the package and its version: API, file and catalogue', async () => {
	const { error } = await run(
		{ catalogUrl: simulator.origin },
		{
			downloadOutputs: true,
			model: { __rl: true, mode: 'id', value: 'gpt-image-2/text-to-image' },
		},
	);
	expect(error).toBeUndefined();
	const kinds = new Set(simulator.requests.map(({ pathname }) => pathname.split('/')[1]));
	expect([...kinds]).toEqual(expect.arrayContaining(['v1', 'files']));
	expect([...kinds].some((kind) => kind === 'docs' || kind === 'api')).toBe(true);
	for (const { headers } of simulator.requests) expect(headers['user-agent']).toBe(USER_AGENT);
});
