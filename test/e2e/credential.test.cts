import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { USER_AGENT } from '../../nodes/shared/userAgent';
import { freePort } from '../../scripts/n8n/ports.cts';
import { useLab } from './support/lab.cts';

const lab = useLab();

async function testWith(changes: Record<string, string>) {
	return await lab.n8n.testCredential(lab.credential, 'hiApiApi', {
		...lab.credentialData(),
		...changes,
	});
}

describe('the package in n8n', () => {
	lab.test('is listed under Community nodes and loaded', async () => {
		const [installed] = await lab.n8n.communityPackages();
		expect(installed.packageName).toBe('n8n-nodes-hiapi');
		// older n8n says nothing when all is well
		expect(installed.failedLoading ?? false).toBe(false);
		expect(installed.installedNodes).toContainEqual(
			expect.objectContaining({ name: 'HiAPI', type: 'n8n-nodes-hiapi.hiApi' }),
		);
	});

	lab.test(
		'shows the node with its icon and credential, and the same node as a tool for AI agents',
		async () => {
			const types = await lab.n8n.nodeTypes();
			const node = types.find(({ name }) => name === 'n8n-nodes-hiapi.hiApi');
			expect(node).toMatchObject({
				displayName: 'HiAPI',
				credentials: [{ name: 'hiApiApi', required: true }],
			});
			const { light, dark } = node?.iconUrl as { light: string; dark: string };
			for (const icon of [light, dark]) {
				const reply = await fetch(`${lab.server.address}/${icon}`, {
					headers: { cookie: lab.n8n.cookie },
				});
				expect(reply.headers.get('content-type')).toMatch(/svg/);
			}
			expect(types.map(({ name }) => name)).toContain('n8n-nodes-hiapi.hiApiTool');
		},
	);
});

describe('the credential test', () => {
	lab.test('passes with a good key and costs nothing', async () => {
		expect(await testWith({})).toMatchObject({ status: 'OK' });
		const [request] = lab.simulator.requests;
		expect(request).toMatchObject({ method: 'GET', pathname: '/v1/tasks', status: 200 });
		expect(request.headers['user-agent']).toBe(USER_AGENT);
		expect(lab.simulator.purchases).toBe(0);
	});

	lab.test(
		'takes the base URL with or without /v1 and a slash, and a key with spaces around it',
		async () => {
			const { origin, apiKey } = lab.simulator;
			for (const baseUrl of [origin, `${origin}/`, `${origin}/v1/`]) {
				expect(await testWith({ baseUrl, apiKey: ` ${apiKey}\n` })).toMatchObject({ status: 'OK' });
			}
			expect(
				lab.simulator.requests.every(
					({ pathname, status }) => pathname === '/v1/tasks' && status === 200,
				),
			).toBe(true);
		},
	);

	lab.test('fails with a wrong key', async () => {
		expect(await testWith({ apiKey: 'sk-wrong' })).toMatchObject({ status: 'Error' });
		expect(lab.simulator.requests[0].status).toBe(401);
	});

	lab.test('fails when nobody answers at the base URL', async () => {
		const port = await freePort();
		expect(await testWith({ baseUrl: `http://127.0.0.1:${port}/v1` })).toMatchObject({
			status: 'Error',
		});
	});

	lab.test(
		'fails on HTTP 200 whose body is an error, in both forms HiAPI is known to use',
		async () => {
			for (const envelope of ['E2', 'E5'] as const) {
				lab.simulator.fault({ path: '/v1/tasks', action: { type: 'errorInSuccess', envelope } });
				expect(await testWith({})).toMatchObject({
					status: 'Error',
					message: expect.stringContaining('API key'),
				});
			}
			expect(lab.simulator.requests.map(({ status }) => status)).toEqual([200, 200]);
		},
	);

	lab.test('fails when another kind of server answers', async () => {
		const server = createServer((_, response) =>
			response.setHeader('content-type', 'text/html').end('<h1>Welcome</h1>'),
		);
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		try {
			const { port } = server.address() as AddressInfo;
			expect(await testWith({ baseUrl: `http://127.0.0.1:${port}` })).toMatchObject({
				status: 'Error',
			});
		} finally {
			server.close();
		}
	});
});
