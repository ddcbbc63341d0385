import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import {
	snapshot as bundled,
	type Snapshot,
	type SnapshotModel,
} from '../../../../nodes/HiApi/models/snapshot';
import { readCatalogue, type PublishedModel } from '../../../../scripts/snapshot/readCatalogue.cts';
import { formatSnapshot, refreshSnapshot } from '../../../../scripts/snapshot/refreshSnapshot.cts';

const model = (id: string, rest: Partial<SnapshotModel> = {}): SnapshotModel => ({
	id,
	title: id,
	kind: 'image',
	modes: ['text-to-image'],
	status: 'current',
	confidence: 'partial',
	...rest,
});
const listed = (id: string, rest: Partial<PublishedModel> = {}): PublishedModel => ({
	id,
	kind: 'image',
	modes: ['text-to-image'],
	...rest,
});
const fields = (properties: object, rest: object = {}) => ({ type: 'object', properties, ...rest });
const refresh = (models: SnapshotModel[], now: PublishedModel[]) =>
	refreshSnapshot({ asOf: '2026-01-01', models }, now, '2026-12-01');
const entry = (models: SnapshotModel[], now: PublishedModel[], id: string) =>
	refresh(models, now).snapshot.models.find((one) => one.id === id);

describe('refreshSnapshot', () => {
	const old = model('a', {
		title: 'Our Title',
		status: 'listed',
		limits: ['Our rule'],
		docs: 'https://docs.hiapi.ai/a',
		usual: ['prompt', 'gone', 'size'],
		unconfirmed: ['prompt'],
		inputSchema: fields({
			prompt: { type: 'string', description: 'Our words' },
			gone: { type: 'string', description: 'x' },
		}),
	});
	const now = listed('a', {
		title: '标题',
		published: fields(
			{
				prompt: {
					type: 'string',
					maxLength: 9,
					title: 'P',
					description: '提示词',
					default: '',
					examples: ['x'],
				},
				size: { enum: ['1K'], description: 'HiAPI’s words' },
				media: {
					type: 'array',
					items: { type: 'object', properties: { url: { type: 'string', title: 'URL' } } },
				},
			},
			{ $schema: 'x', title: 'A', required: ['prompt'], additionalProperties: false },
		),
	});

	it('takes the facts from the catalogue and keeps our words', () => {
		expect(entry([old], [now], 'a')).toEqual({
			id: 'a',
			title: 'Our Title',
			kind: 'image',
			modes: ['text-to-image'],
			status: 'current',
			confidence: 'documented',
			docs: 'https://docs.hiapi.ai/a',
			limits: ['Our rule'],
			usual: ['size'],
			inputSchema: {
				type: 'object',
				required: ['prompt'],
				additionalProperties: false,
				properties: {
					prompt: { type: 'string', maxLength: 9, description: 'Our words' },
					size: { enum: ['1K'], description: 'Size' },
					media: {
						type: 'array',
						items: { type: 'object', properties: { url: { type: 'string' } } },
						description: 'Media',
					},
				},
			},
		});
	});

	it('says what changed and what needs a look', () => {
		expect(refresh([old], [now]).changes).toEqual([
			'! a: describe the field "size"',
			'! a: describe the field "media"',
			'~ a: status "listed" -> "current"',
			'~ a: confidence "partial" -> "documented"',
			'~ a: ~ prompt {"type":"string"} -> {"type":"string","maxLength":9}, required',
			'~ a: - gone',
			'~ a: + size {"enum":["1K"]}',
			'~ a: + media {"type":"array","items":{"type":"object","properties":{"url":{"type":"string"}}}}',
			'~ a: rules {} -> {"additionalProperties":false}',
		]);
	});

	it('changes nothing but the date the second time', () => {
		const once = refresh([old], [now]).snapshot;
		const twice = refreshSnapshot(once, [now], '2026-12-02');
		expect(twice).toEqual({ snapshot: { ...once, asOf: '2026-12-02' }, changes: [] });
	});

	it('describes a field as other models do', () => {
		const withWords = (id: string, description: string) =>
			model(id, { inputSchema: fields({ size: { type: 'string', description } }) });
		const models = [withWords('x', 'Rare'), withWords('y', 'Usual'), withWords('z', 'Usual')];
		const added = entry(
			models,
			[listed('b', { published: fields({ size: { type: 'string' } }) })],
			'b',
		);
		expect(added?.inputSchema?.properties).toEqual({
			size: { type: 'string', description: 'Usual' },
		});
	});

	it('adds new models, with what the index knows of their fields where no schema is published', () => {
		const { snapshot, changes } = refresh(
			[],
			[
				listed('b', {
					title: 'Bee',
					kind: 'video',
					modes: [],
					inputSchema: fields({ prompt: { type: 'string' } }),
				}),
				listed('c'),
			],
		);
		expect(snapshot.models).toMatchObject([
			{
				id: 'b',
				title: 'Bee',
				kind: 'video',
				modes: ['unknown'],
				status: 'current',
				confidence: 'partial',
			},
			{ id: 'c', title: 'c', confidence: 'named-only' },
		]);
		expect(changes).toContain('+ b: Bee (video, unknown)');
		expect(changes).toContain('! c: no schema published');
	});

	it('follows a change of spelling, and keeps the old one findable', () => {
		const { snapshot, changes } = refresh(
			[model('Nano', { aliases: ['nano-x'] })],
			[listed('nano')],
		);
		expect(snapshot.models).toMatchObject([{ id: 'nano', aliases: ['Nano', 'nano-x'] }]);
		expect(changes).toContain('~ Nano: id "Nano" -> "nano"');
	});

	it('makes no second entry of a spelling listed beside the model', () => {
		const { snapshot, changes } = refresh(
			[model('a/b', { aliases: ['a'] })],
			[listed('a/b'), listed('a')],
		);
		expect(snapshot.models.map(({ id, aliases }) => [id, aliases])).toEqual([['a/b', ['a']]]);
		expect(changes.filter((change) => change.startsWith('?'))).toEqual([]);
	});

	it('keeps models that are not listed any more, and names those HiAPI used to name', () => {
		const { snapshot, changes } = refresh(
			[model('gone'), model('doubtful', { status: 'listed' })],
			[listed('new')],
		);
		expect(snapshot.models.map(({ id, status }) => [id, status])).toEqual([
			['gone', 'current'],
			['doubtful', 'listed'],
			['new', 'current'],
		]);
		expect(changes.filter((change) => change.startsWith('?'))).toEqual([
			'? gone: the catalogue does not list it',
		]);
	});

	it('learns routes from the list', () => {
		expect(
			entry([model('a', { routes: ['beta'] })], [listed('a'), listed('a@ext')], 'a')?.routes,
		).toEqual(['beta', 'ext']);
	});

	it('keeps several modes as long as the catalogue names one of them', () => {
		const several = model('a', { modes: ['text-to-image', 'image-to-image'] });
		expect(entry([several], [listed('a')], 'a')?.modes).toEqual(several.modes);
		expect(entry([several], [listed('a', { modes: ['text-to-3d'] })], 'a')?.modes).toEqual([
			'text-to-3d',
		]);
	});

	it('leaves out kinds this package does not know, and says so', () => {
		const { snapshot, changes } = refresh([], [listed('a', { kind: '3d' })]);
		expect(snapshot.models).toEqual([]);
		expect(changes).toEqual(['! a: left out, "3d" is no kind this package knows']);
	});
});

describe('formatSnapshot', () => {
	it('writes the bundled file exactly as it is', () => {
		expect(formatSnapshot(bundled)).toBe(
			readFileSync(join('nodes', 'HiApi', 'models', 'snapshot.json'), 'utf8'),
		);
	});
});

const documents: Record<string, unknown> = {
	'/docs/models.json': {
		models: [
			{ id: 'z-image', title: 'Z', category: 'image', capability: 'text-to-image' },
			{ id: 'z-image@new', title: 'Z', category: 'image', capability: 'text-to-image' },
		],
	},
	'/api/pricing': {
		data: [
			{
				model_name: 'priced',
				category: 'video',
				supported_endpoint_types: ['task'],
				base_usd_value: 1,
			},
		],
	},
	'/api/models/content?name=z-image': {
		data: { input_schema: fields({ model: { enum: ['z-image'] }, size: { type: 'string' } }) },
	},
	'/api/models/content?name=z-image%40new': {
		data: { input_schema: fields({ model: { enum: ['z-image'] }, size: { type: 'string' } }) },
	},
};

describe('readCatalogue', () => {
	it('reads both lists, and schemas that are for exactly the model asked for', async () => {
		const models = await readCatalogue(
			'https://c',
			async (url) => documents[url.slice('https://c'.length)],
		);
		expect(models.map(({ id, published }) => [id, published?.properties])).toEqual([
			['priced', undefined],
			['z-image', { size: { type: 'string' } }],
			['z-image@new', undefined],
		]);
		expect(models[0]).not.toHaveProperty('price');
	});

	it('refuses an empty catalogue', async () => {
		await expect(readCatalogue('https://c', async () => undefined)).rejects.toThrow(
			'https://c lists no models',
		);
	});
});

describe('npm run snapshot', () => {
	const folder = mkdtempSync(join(tmpdir(), 'snapshot-'));
	const file = join(folder, 'snapshot.json');
	const server = createServer((request, response) => {
		const document = documents[request.url!];
		response.writeHead(document ? 200 : 404).end(JSON.stringify(document ?? {}));
	});
	const run = async (...flags: string[]) =>
		await promisify(execFile)(process.execPath, [
			'--require',
			'tsx/cjs',
			'scripts/snapshot.cts',
			'--file',
			file,
			...flags,
		]);
	let catalogue: string;

	beforeAll(async () => {
		await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
		catalogue = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
		copyFileSync(join('nodes', 'HiApi', 'models', 'snapshot.json'), file);
	});

	afterAll(async () => {
		await new Promise((done) => server.close(done));
		rmSync(folder, { recursive: true });
	});

	it('shows the changes, writes them only when asked to, and leaves the list alone when there is no catalogue', async () => {
		const before = readFileSync(file, 'utf8');
		const dry = await run('--catalogue', catalogue, '--dry-run');
		expect(dry.stdout).toContain('~ z-image: + size {"type":"string"}');
		expect(readFileSync(file, 'utf8')).toBe(before);
		await expect(run('--catalogue', `${catalogue}nowhere`)).rejects.toMatchObject({
			code: 1,
			stderr: expect.stringContaining('lists no models'),
		});
		expect(readFileSync(file, 'utf8')).toBe(before);
		await run('--catalogue', catalogue);
		const after = JSON.parse(readFileSync(file, 'utf8')) as Snapshot;
		expect(after.asOf).toBe(new Date().toISOString().slice(0, 10));
		expect(after.models.find(({ id }) => id === 'z-image')?.routes).toEqual(['new']);
	}, 60_000);

	it('tells a list that is behind the catalogue from one that is only older', async () => {
		copyFileSync(join('nodes', 'HiApi', 'models', 'snapshot.json'), file);
		const behind = readFileSync(file, 'utf8');
		await expect(run('--catalogue', catalogue, '--check')).rejects.toMatchObject({
			code: 1,
			stdout: expect.stringContaining('~ z-image: + size'),
		});
		expect(readFileSync(file, 'utf8')).toBe(behind);
		await run('--catalogue', catalogue);
		const fresh = readFileSync(file, 'utf8');
		const older = fresh.replace(/"asOf":"[^"]+"/, '"asOf":"2026-01-01"');
		expect(older).not.toBe(fresh);
		writeFileSync(file, older);
		await run('--catalogue', catalogue, '--check');
		expect(readFileSync(file, 'utf8')).toBe(older);
	});
});
