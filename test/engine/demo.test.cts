import type { IDataObject } from 'n8n-workflow';

import {
	modelCatalog,
	type CatalogAccess,
	type CatalogModel,
} from '../../nodes/HiApi/models/modelCatalog';
import type { InputField } from '../../nodes/HiApi/models/inputSchema';
import { openAccount, type Account } from '../../scripts/demo/account.cts';
import { runInEngine } from './support/engine.cts';

jest.setTimeout(120_000);

/** What a downloaded file of a kind is. */
const FILES: Record<string, { mimeType: string; extension: string }> = {
	image: { mimeType: 'image/png', extension: 'png' },
	video: { mimeType: 'video/mp4', extension: 'mp4' },
	audio: { mimeType: 'audio/mpeg', extension: 'mp3' },
};

const realKey = process.env.HIAPI_API_KEY;
let account: Account;
let access: CatalogAccess;
let models: CatalogModel[];

beforeAll(async () => {
	delete process.env.HIAPI_API_KEY;
	account = await openAccount(0.2);
	access = {
		baseUrl: account.credential.catalogUrl,
		fetchJson: async (url) => await (await fetch(url)).json(),
		now: () => Date.now(),
	};
	models = await modelCatalog.listModels(access);
});
afterAll(async () => {
	if (realKey !== undefined) process.env.HIAPI_API_KEY = realKey;
	await account.close();
});

/** What somebody would fill in. */
function valueFor({ name, type, choices, entryType }: InputField): unknown {
	if (choices !== undefined) return choices[0];
	if (type === 'integer' || type === 'number') return 5;
	if (type === 'boolean') return true;
	const isFile = /url|image|video|audio/.test(name);
	const text = isFile ? 'https://example.com/photo.png' : 'A paper boat';
	if (type !== 'list') return type === 'object' ? {} : text;
	return [entryType === 'object' ? { text: 'Hello' } : text];
}

test('every model the demo lists has its fields and its price', async () => {
	expect(models.length).toBeGreaterThan(75);
	expect(new Set(models.map(({ kind }) => kind))).toEqual(new Set(Object.keys(FILES)));
	const prices = await modelCatalog.prices(access);
	for (const { id, source } of models) {
		const input = await modelCatalog.modelInput(access, id);
		expect([id, source, input.source]).toEqual([id, 'live', 'live']);
		expect(input.fields.length).toBeGreaterThan(0);
		expect(prices.has(id)).toBe(true);
	}
});

test('every model the demo lists runs, and its file is of the right kind', async () => {
	const items = await Promise.all(
		models.map(async ({ id }): Promise<IDataObject> => {
			const { fields } = await modelCatalog.modelInput(access, id);
			const required = fields.filter((field) => field.required);
			const values = required.map((field) => [field.name, valueFor(field)]);
			return { model: id, input: JSON.stringify(Object.fromEntries(values)) };
		}),
	);
	const { outputs, error } = await runInEngine({
		credential: account.credential,
		parameters: {
			resource: 'task',
			operation: 'runAndWait',
			model: { __rl: true, mode: 'id', value: '={{ $json.model }}' },
			inputMode: 'json',
			input: '={{ $json.input }}',
			downloadOutputs: true,
			options: { concurrency: 50 },
		},
		items,
	});
	expect(error).toBeUndefined();
	const made = outputs[0].map(({ json, binary }) => ({
		model: json.route === undefined ? json.model : `${String(json.model)}@${String(json.route)}`,
		status: json.status,
		type: (json.outputs as IDataObject[])[0].type,
		mimeType: binary?.data.mimeType,
		fileName: binary?.data.fileName,
	}));
	expect(made).toEqual(
		models.map(({ id, kind }) => ({
			model: id,
			status: 'success',
			type: kind,
			mimeType: FILES[kind].mimeType,
			fileName: expect.stringMatching(new RegExp(`^[\\w.@-]+\\.${FILES[kind].extension}$`)),
		})),
	);
});
