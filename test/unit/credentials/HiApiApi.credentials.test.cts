import { existsSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';
import {
	NodeHelpers,
	Workflow,
	type INode,
	type INodeTypes,
	type IWorkflowDataProxyAdditionalKeys,
} from 'n8n-workflow';

import { HiApiApi } from '../../../credentials/HiApiApi.credentials';
import { normaliseBaseUrl } from '../../../nodes/shared/api/baseUrl';
import { PRIVATE_HTTP, PUBLIC_HTTP, REFUSED } from '../shared/api/baseUrls.cts';

const credential = new HiApiApi();
const node: INode = {
	id: '1',
	name: 'Temp-Node',
	type: 'n8n-nodes-base.noOp',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};
const nodeTypes = {
	getByName: () => undefined,
	getByNameAndVersion: () => ({ description: { properties: [] } }),
	getKnownTypes: () => ({}),
} as unknown as INodeTypes;
const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });

/** What n8n makes of an expression of the credential: its own engine, with the credential's data as it is entered. */
function evaluate(expression: unknown, data: Record<string, string>): unknown {
	const keys = { $credentials: data } as IWorkflowDataProxyAdditionalKeys;
	return workflow.expression.getSimpleParameterValue(node, expression as string, 'internal', keys);
}

const testedAddress = (baseUrl: string) =>
	`${String(evaluate(credential.test.request.baseURL, { baseUrl }))}${credential.test.request.url}`;

describe('the address the credential is tested at', () => {
	const isInStep = (baseUrl: string) => {
		const address = testedAddress(baseUrl);
		const byNodes = normaliseBaseUrl(baseUrl);
		if (byNodes.ok) expect(new URL(address).href).toBe(`${byNodes.url}/tasks`);
		else expect(URL.canParse(address)).toBe(false);
	};

	test.each([
		'',
		'  ',
		'https://api.hiapi.ai',
		' https://api.hiapi.ai/v1/\n',
		'https://v1',
		'https://gateway.example.com/hiapi//',
		...PRIVATE_HTTP,
	])('%j is the one the nodes use', (baseUrl) => {
		expect(normaliseBaseUrl(baseUrl).ok).toBe(true);
		isInStep(baseUrl);
	});

	test.each([...PUBLIC_HTTP, ...REFUSED])('%j is none that anything can be sent to', (baseUrl) => {
		expect(URL.canParse(testedAddress(baseUrl))).toBe(false);
		isInStep(baseUrl);
	});

	test("is the nodes' or none, whatever is entered", () => {
		const pieces = fc.constantFrom(
			'http://',
			'https://',
			'HTTP:\\\\',
			'10.',
			'127.0.0.1',
			'8.8.8.8',
			'evil.com',
			'.local',
			'localhost',
			'[::1]',
			'@',
			':',
			'80',
			'/',
			'\\',
			'?',
			'#',
			'v1',
			' ',
			'%2e',
			'134744072',
			'.',
		);
		const urls = fc.oneof(
			fc.array(pieces, { maxLength: 7 }).map((parts) => parts.join('')),
			fc.array(pieces, { maxLength: 5 }).map((parts) => `http://${parts.join('')}`),
			fc.webUrl({
				validSchemes: ['http', 'https'],
				withQueryParameters: true,
				withFragments: true,
			}),
			fc.string(),
		);
		fc.assert(fc.property(urls, isInStep), { numRuns: 2000 });
	});

	test('is free to read, and no redirect leads on from it', () => {
		expect(credential.test.request).toMatchObject({
			url: '/tasks',
			qs: { page: 1, size: 1 },
			disableFollowRedirect: true,
		});
		expect(credential.test.request.method ?? 'GET').toBe('GET');
	});
});

describe('the Authorization header', () => {
	const request = { url: '/tasks', headers: { 'Idempotency-Key': 'k' } };
	const header = async (apiKey: string) =>
		(await credential.authenticate({ apiKey }, request)).headers?.Authorization;

	test.each([
		'sk-abc',
		' sk-abc',
		'sk-abc\n',
		'\tsk-abc \r\n',
		'Bearer sk-abc',
		'bearer   sk-abc',
		' BEARER\tsk-abc ',
	])('%j', async (apiKey) => {
		expect(await header(apiKey)).toBe('Bearer sk-abc');
	});

	test.each(['hi-sk-1', 'Bearersk-1', '0', 'a=b', '{{ 1 + 1 }}', '=1+1', '$&', '"quoted"'])(
		'%j is sent as it is',
		async (apiKey) => {
			expect(await header(apiKey)).toBe(`Bearer ${apiKey}`);
		},
	);

	test('is all the credential adds to a request', async () => {
		const values = { apiKey: 'sk-abc', webhookSecret: 'w', previousWebhookSecret: 'p' };
		expect(await credential.authenticate(values, request)).toEqual({
			url: '/tasks',
			headers: { 'Idempotency-Key': 'k', Authorization: 'Bearer sk-abc' },
		});
	});

	test('needs no expression, which n8n could not resolve in workflows with combined JSON and files', () =>
		expect(credential.authenticate).toBeInstanceOf(Function));
});

describe('the verdict of the test', () => {
	test('is given by a rule', () => {
		expect(credential.test.rules).toHaveLength(1);
	});

	// n8n calls the test failed when the reply's value at `key` is exactly `value`.
	const at = (body: unknown, path: string) =>
		path
			.split('.')
			.reduce<unknown>(
				(value, key) => (value as Record<string, unknown> | null | undefined)?.[key],
				body,
			);
	const passes = (body: unknown) =>
		(credential.test.rules ?? []).every(({ type, properties }) => {
			if (type !== 'responseSuccessBody') throw new Error(`unknown rule ${type}`);
			return at(body, properties.key) !== properties.value;
		});

	test('is good for a list of tasks, also an empty one', () => {
		expect(
			passes({ code: 200, message: 'success', data: { page: 1, size: 1, total: 0, tasks: [] } }),
		).toBe(true);
	});

	test.each([
		{ error: { code: 'permission_denied', message: 'no', type: 'hiapi_error' } },
		{ code: 401, message: 'nope', data: null },
		{ code: 200, message: 'success', data: {} },
		'<html>Welcome to our hotel Wi-Fi</html>',
		'',
		null,
		{},
		[],
	])('is bad for %j under HTTP 200', (body) => {
		expect(passes(body)).toBe(false);
	});
});

test('secrets are masked and stay optional where they are', () => {
	const byName = new Map(credential.properties.map((property) => [property.name, property]));
	for (const name of ['apiKey', 'webhookSecret', 'previousWebhookSecret'])
		expect(byName.get(name)?.typeOptions?.password).toBe(true);
	expect(byName.get('apiKey')).toMatchObject({ required: true, default: '' });
	expect(byName.get('webhookSecret')?.required).toBeUndefined();
	expect(byName.get('baseUrl')?.default).toBe('https://api.hiapi.ai/v1');
});

test('the previous secret is asked for once there is a present one, and both reach the nodes', () => {
	const read = (data: Record<string, string>) =>
		NodeHelpers.getNodeParameters(credential.properties, data, true, false, null, null) ?? {};
	expect(read({ apiKey: 'k', webhookSecret: 'new', previousWebhookSecret: 'old' })).toMatchObject({
		webhookSecret: 'new',
		previousWebhookSecret: 'old',
	});
	expect(read({ apiKey: 'k', webhookSecret: '' })).not.toHaveProperty('previousWebhookSecret');
	expect(read({ apiKey: 'k' })).toMatchObject({
		baseUrl: 'https://api.hiapi.ai/v1',
		catalogUrl: '',
	});
});

test('its icons exist', () => {
	const { light, dark } = credential.icon as { light: string; dark: string };
	expect(light).not.toBe(dark);
	for (const icon of [light, dark])
		expect(existsSync(join(__dirname, '../../../credentials', icon.replace(/^file:/, '')))).toBe(
			true,
		);
});
