import { snapshot, type SnapshotModel } from '../../nodes/HiApi/models/snapshot';
import { startSimulator, type Simulator } from '../../simulator/index.cts';
import { create } from './support/http.cts';

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

type Schema = Record<string, any>;

/** A value that fits a field. */
function sample(name: string, field: Schema): unknown {
	if (field.enum) return field.enum[0];
	if (field.type === 'array') return [sample(name, field.items ?? {})];
	if (field.type === 'integer' || field.type === 'number') return field.minimum ?? 5;
	if (field.type === 'boolean') return true;
	if (field.type === 'object') return {};
	return /url|image|video|audio/.test(name) ? 'https://example.com/file.png' : 'a text';
}

/** What the model needs, and what nearly every task of it has. */
function usualInput({ inputSchema, usual = [] }: SnapshotModel): Record<string, unknown> {
	const { required = [], properties = {} } = (inputSchema ?? {}) as Schema;
	const names: string[] = [...required, ...usual];
	return Object.fromEntries(names.map((name) => [name, sample(name, properties[name])]));
}

const accepted = async (model: string, input: unknown) => {
	const answer = await create(simulator, { model, input });
	return answer.status === 200 ? 'accepted' : answer.json.message;
};

describe('models', () => {
	it.each(snapshot.models.map((model) => [model.id, model] as const))(
		'sells the bundled model %s',
		async (id, model) => {
			expect(await accepted(id, usualInput(model))).toBe('accepted');
			for (const route of model.routes ?? []) {
				const ofRoute = snapshot.models.find((one) => one.id === `${id}@${route}`) ?? model;
				const body = { model: id, route, input: usualInput(ofRoute) };
				expect((await create(simulator, body)).status).toBe(200);
			}
		},
	);

	it('sells a model under its other names as well', async () => {
		expect(await accepted('nano-banana-pro', { prompt: 'p' })).toBe('accepted');
	});

	it.each(['seedance-2-0', 'seedance-2-0-fast', 'seedance-2-5'])(
		'takes the old spelling %s only when told to',
		async (id) => {
			expect(await accepted(id, { prompt: 'a prompt' })).toBe(`model '${id}' is not available`);
			simulator.switches.oldModelIds = true;
			expect(await accepted(id, { prompt: 'a prompt' })).toBe('accepted');
		},
	);

	it('refuses seed on seedance-2.0, and takes 4k', async () => {
		expect(await accepted('seedance-2.0', { prompt: 'a prompt', seed: 1 })).toBe(
			"invalid input: additional properties 'seed' not allowed",
		);
		expect(await accepted('seedance-2.0', { prompt: 'a prompt', resolution: '4k' })).toBe(
			'accepted',
		);
	});

	it.each([
		['gpt-image-2.5-flare@pro', 'https://example.com/a.png', true],
		['gpt-image-2.5-flare@pro', 'data:image/png;base64,AAAA', false],
		['gpt-image-2.5-flare@pro', 'asset://one', false],
		['gpt-image-2.5-sunburst@pro', 'data:image/png;base64,AAAA', true],
		['gpt-image-2.5-flare/image-to-image', 'data:image/png;base64,AAAA', true],
		['gpt-image-2.5-flare/image-to-image', 'a.png', false],
	])('%s with %s: %s', async (model, address, isTaken) => {
		const answer = await accepted(model, { prompt: 'p', image_urls: [address] });
		if (isTaken) expect(answer).toBe('accepted');
		else
			expect(answer).toMatch(/^invalid input: image_urls\.0: '.*' (does not match|is not valid)/);
	});

	it.each(['5:4', '4:5'])('gpt-image-2 draws %s in 4K', async (aspect_ratio) => {
		const input = { prompt: 'p', aspect_ratio, resolution: '4K' };
		expect(await accepted('gpt-image-2/text-to-image', input)).toBe('accepted');
	});
});
