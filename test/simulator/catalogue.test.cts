import { startSimulator, type Simulator } from '../../simulator/index.cts';
import { call, fetchRaw, type Answer } from './support/http.cts';

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

const open = (path: string) => call(simulator, 'GET', path, { key: null });
const content = (name: string) => open(`/api/models/content?name=${encodeURIComponent(name)}`);

it('lists models with their fields, without a key', async () => {
	const { models } = (await open('/docs/models.json')).json;
	const byId = new Map<string, any>(models.map((model: any) => [model.id, model]));
	expect(byId.get('happyhorse-1.1/text-to-video')).toMatchObject({
		category: 'video',
		capability: 'text-to-video',
	});
	expect(byId.get('happyhorse-1.1/text-to-video').input).toContainEqual({
		name: 'duration',
		type: 'integer',
		required: false,
		default: 5,
	});
	expect(byId.get('gpt-image-2/text-to-image@ext').input).toContainEqual({
		name: 'quality',
		type: 'enum',
		required: true,
		enum: ['low', 'medium', 'high'],
		default: 'low',
	});
	expect(byId.get('gpt-image-2/image-to-image').input).toContainEqual({
		name: 'input_urls',
		type: 'string[]',
		required: true,
	});
	expect(byId.has('minimax-music-2.6')).toBe(true);
});

it('publishes schemas with the model as one more required property', async () => {
	const { data } = (await content('gpt-image-2.5-flare/text-to-image')).json;
	const { properties, required, allOf, additionalProperties } = data.input_schema;
	expect(properties.model).toEqual({
		type: 'string',
		enum: ['gpt-image-2.5-flare/text-to-image'],
		default: 'gpt-image-2.5-flare/text-to-image',
	});
	expect(required).toEqual(['model', 'prompt']);
	expect(additionalProperties).toBe(false);
	expect(allOf[0].then).toEqual({ properties: { resolution: { enum: ['1K'] } } });
	expect(
		(await content('gpt-image-2/text-to-image@beta')).json.data.input_schema.properties,
	).toHaveProperty('size');
	expect((await content('nope')).status).toBe(404);
});

it('quotes prices and, with the key, the models of the account', async () => {
	const { data } = (await open('/api/pricing')).json;
	expect(data[0]).toMatchObject({
		model_name: 'gpt-image-2/text-to-image',
		supported_endpoint_types: ['task'],
		base_usd_value: 0.04,
	});
	expect(JSON.parse(data[0].description)).toHaveProperty('en');
	expect((await open('/v1/models')).status).toBe(401);
	expect((await call(simulator, 'GET', '/v1/models')).json.data).toContainEqual(
		expect.objectContaining({ id: 'z-image' }),
	);
});

it('has price rows of every kind, on the API’s host and on the other one', async () => {
	const { data } = (await open('/api/pricing')).json;
	const rows: any[] = data;
	const policies = rows.flatMap((row) => row.policies).filter((policy) => policy !== null);
	const tests = policies.flatMap(({ rule }) => Object.values(rule)) as any[];
	expect(tests.some(({ match }) => typeof match === 'string')).toBe(true);
	expect(tests.some(({ match }) => Array.isArray(match))).toBe(true);
	expect(tests.some((test) => test.with === true)).toBe(true);
	expect(policies.some(({ times }) => times > 1)).toBe(true);
	expect(policies.some(({ usd_value, pricing_value }) => usd_value === null && pricing_value)).toBe(
		true,
	);
	expect(policies.length).toBeLessThan(rows.flatMap((row) => row.policies).length);
	expect(tests.some(({ atLeast }) => atLeast !== undefined)).toBe(true);
	expect(rows.map(({ factors }) => factors)).toEqual(
		expect.arrayContaining([[], ['duration'], ['duration', 'resolution'], 'none']),
	);
	expect(rows.map((row) => row.base_display_unit.en)).toEqual(
		expect.arrayContaining(['per song', 'per second', 'per output image', 'per 1000 characters']),
	);
	expect(
		rows.some(({ base_usd_value, model_price }) => base_usd_value === null && model_price),
	).toBe(true);
	const elsewhere = await fetchRaw(`${simulator.otherOrigin}/api/pricing`);
	expect(elsewhere.json).toEqual({ data });
	expect(new URL(simulator.otherOrigin).hostname).not.toBe(new URL(simulator.origin).hostname);
});

describe.each([
	['catalogueModelsJson', () => open('/docs/models.json')],
	['catalogueContent', () => content('z-image')],
	['cataloguePricing', () => open('/api/pricing')],
	['catalogueModels', () => call(simulator, 'GET', '/v1/models')],
] as Array<['catalogueModelsJson', () => Promise<Answer>]>)('%s', (name, read) => {
	it('can be unavailable, malformed, empty, an error, slow or huge', async () => {
		const usual = (await read()).bytes.length;
		const set = (
			mode: 'unavailable' | 'malformed' | 'empty' | 'errorInSuccess' | 'slow' | 'huge',
		) => (simulator.switches[name] = mode);
		set('unavailable');
		const unavailable = await read();
		expect([unavailable.status, unavailable.headers['content-type']]).toEqual([503, 'text/html']);
		set('malformed');
		const malformed = await read();
		expect(malformed.status).toBe(200);
		expect(() => malformed.json).toThrow();
		set('empty');
		expect(JSON.stringify((await read()).json)).toMatch(/\[\]|\{\}/);
		set('errorInSuccess');
		const wrong = await read();
		expect([wrong.status, typeof wrong.json.error.code]).toEqual([200, 'string']);
		set('slow');
		simulator.switches.catalogueSlowMilliseconds = 120;
		const start = Date.now();
		expect((await read()).status).toBe(200);
		expect(Date.now() - start).toBeGreaterThanOrEqual(115);
		set('huge');
		simulator.switches.catalogueHugeModels = 3000;
		expect((await read()).bytes.length).toBeGreaterThan(usual + 100_000);
	});
});
