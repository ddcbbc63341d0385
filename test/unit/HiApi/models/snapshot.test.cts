import { statSync } from 'node:fs';
import { join } from 'node:path';

import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

import { fieldsOf } from '../../../../nodes/HiApi/models/inputSchema';
import {
	findSnapshotModel,
	routedModelId,
	snapshot,
} from '../../../../nodes/HiApi/models/snapshot';

const schemaOf = (model: string) =>
	snapshot.models.find((entry) => entry.id === model)?.inputSchema as {
		required?: string[];
		properties: Record<string, Record<string, unknown>>;
	};

describe('bundled models', () => {
	it('stays small enough to ship', () => {
		expect(statSync(join('nodes', 'HiApi', 'models', 'snapshot.json')).size).toBeLessThanOrEqual(
			120 * 1024,
		);
	});

	it('says which day it is from', () => {
		expect(new Date(snapshot.asOf).toISOString().slice(0, 10)).toBe(snapshot.asOf);
	});

	it('names every model once, other spellings included', () => {
		const names = snapshot.models.flatMap((model) => [model.id, ...(model.aliases ?? [])]);
		expect(new Set(names).size).toBe(names.length);
		expect(names.length).toBeGreaterThan(90);
	});

	it.each(snapshot.models.map((model) => [model.id, model] as const))(
		'%s is well formed',
		(_id, model) => {
			expect(['current', 'listed', 'unknown', 'legacy', 'retired']).toContain(model.status);
			expect(['documented', 'partial', 'named-only']).toContain(model.confidence);
			expect(['image', 'video', 'audio']).toContain(model.kind);
			expect(model.modes.length).toBeGreaterThan(0);
			expect(model.title.trim()).not.toBe('');
			if (model.docs) expect(new URL(model.docs).hostname).toMatch(/(^|\.)hiapi\.ai$/);
			expect(model.inputSchema === undefined).toBe(model.confidence === 'named-only');
		},
	);

	it.each(
		snapshot.models.flatMap((model) => (model.inputSchema ? [[model.id, model] as const] : [])),
	)('the schema of %s compiles and describes each of its fields', (_id, model) => {
		const schema = schemaOf(model.id);
		expect(() =>
			addFormats(new Ajv2020({ strict: true, strictTypes: false })).compile(schema),
		).not.toThrow();
		const names = Object.keys(schema.properties);
		for (const name of [
			...(schema.required ?? []),
			...(model.usual ?? []),
			...(model.unconfirmed ?? []),
		]) {
			expect(names).toContain(name);
		}
		for (const field of Object.values(schema.properties))
			expect(field.description).toEqual(expect.any(String));
		expect(names).not.toContain('model');
	});

	it('demands nothing that HiAPI itself does not name', () => {
		for (const { id, unconfirmed = [] } of snapshot.models) {
			for (const name of unconfirmed) expect(schemaOf(id).required ?? []).not.toContain(name);
		}
	});

	it('refuses further fields only where the whole list is documented', () => {
		for (const { inputSchema, confidence } of snapshot.models) {
			if (!inputSchema) continue;
			expect(inputSchema.additionalProperties).toBe(
				confidence === 'documented' ? false : undefined,
			);
		}
	});
});

describe('what newer material of HiAPI says', () => {
	it('seedance-2.0 has no seed, and says so', () => {
		expect(Object.keys(schemaOf('seedance-2.0').properties)).not.toContain('seed');
		expect(findSnapshotModel('seedance-2.0')?.limits?.join()).toMatch(/Seed is not a field/);
		expect(schemaOf('seedance-2.0').properties.resolution.enum).toContain('4k');
	});

	it('one field takes web addresses only, and the same field of its sister model does not', () => {
		const linksOnly = snapshot.models.flatMap(({ id, inputSchema }) =>
			fieldsOf(inputSchema ?? {}).flatMap((field) => (field.linksOnly ? [[id, field.name]] : [])),
		);
		expect(linksOnly).toEqual([['gpt-image-2.5-flare@pro', 'image_urls']]);
		expect(schemaOf('gpt-image-2.5-sunburst@pro').properties.image_urls.items).toEqual({
			type: 'string',
			format: 'uri',
		});
	});

	it('no ID is written with dashes where HiAPI now writes dots', () => {
		const old = snapshot.models.filter(({ id }) => /^seedance-\d-\d$/.test(id));
		expect(old).toEqual([]);
	});
});

describe('routedModelId', () => {
	it.each([
		['m', undefined, 'm'],
		['m', '', 'm'],
		['m', 'default', 'm'],
		['a/b', 'ext', 'a/b@ext'],
		['a/b@pro', 'ext', 'a/b@ext'],
		['a/b@pro', 'default', 'a/b@pro'],
	])('%s on route %s is %s', (model, route, expected) => {
		expect(routedModelId(model, route)).toBe(expected);
	});
});

describe('findSnapshotModel', () => {
	it.each([
		['gpt-image-2/text-to-image', '', 'gpt-image-2/text-to-image'],
		['gpt-image-2/text-to-image', 'ext', 'gpt-image-2/text-to-image@ext'],
		['gpt-image-2/text-to-image@ext', '', 'gpt-image-2/text-to-image@ext'],
		['gpt-image-2', '', 'gpt-image-2/text-to-image'],
		['gpt-image-2', 'ext', 'gpt-image-2/text-to-image@ext'],
		['seedance-2-0', '', 'seedance-2.0'],
		['wan2.7-video/text-to-video', 'pro', 'wan2.7-video/text-to-video@pro'],
	])('%s on route "%s" is %s', (model, route, expected) => {
		expect(findSnapshotModel(model, route)?.id).toBe(expected);
	});

	it.each([
		['gpt-image-2/text-to-image', 'no-such-route'],
		['happyhorse-1.1/text-to-video', 'ext'],
		['no-such-model', ''],
		['', ''],
	])('knows nothing about %s on route "%s"', (model, route) => {
		expect(findSnapshotModel(model, route)).toBeUndefined();
	});

	it('has the fields of the route, not of its model', () => {
		const fields = (model: string) =>
			Object.keys(findSnapshotModel(model)?.inputSchema?.properties ?? {}).sort();
		expect(fields('gpt-image-2/text-to-image')).toEqual([
			'aspect_ratio',
			'background',
			'prompt',
			'resolution',
		]);
		expect(fields('gpt-image-2/text-to-image@ext')).toEqual([
			'aspect_ratio',
			'prompt',
			'quality',
			'resolution',
		]);
		expect(fields('gpt-image-2/text-to-image@beta')).toEqual(['prompt', 'size']);
	});
});
