import { fieldForRole } from '../../../../nodes/HiApi/models/fileRoles';
import { fittingModels } from '../../../../nodes/HiApi/models/fittingModels';
import { fieldsOf } from '../../../../nodes/HiApi/models/inputSchema';
import { purposes, type FileRole, type Purpose } from '../../../../nodes/HiApi/models/purposes';
import { snapshot } from '../../../../nodes/HiApi/models/snapshot';

const named = (operation: string) =>
	purposes.find((purpose) => purpose.operation === operation) as Purpose;

const bundled = (id: string) => {
	const schema = snapshot.models.find((model) => model.id === id)?.inputSchema;
	return {
		schema,
		source: 'snapshot' as const,
		fields: schema === undefined ? [] : fieldsOf(schema),
	};
};

describe('fieldForRole', () => {
	it.each<[operation: string, model: string, role: FileRole, field: string, isList: boolean]>([
		['edit', 'gpt-image-2/image-to-image', 'image', 'input_urls', true],
		['edit', 'gpt-image-2/image-to-image@ext', 'image', 'image_urls', true],
		['edit', 'Nano-Banana-2', 'image', 'image_input', true],
		['edit', 'grok-imagine-image-2.0/image-to-image', 'image', 'image', false],
		['removeBackground', '851-labs/background-remover', 'image', 'image_url', false],
		['animateImage', 'happyhorse-1.1/image-to-video', 'image', 'image_urls', true],
		['animateImage', 'seedance-2.0', 'image', 'first_frame_url', false],
		['animateImage', 'seedance-2.0', 'lastFrame', 'last_frame_url', false],
		['animateImage', 'seedance-2.0', 'reference', 'reference_image_urls', true],
		['animateImage', 'minimax-h3', 'image', 'first_frame_image', false],
		['animateImage', 'minimax-h3', 'lastFrame', 'last_frame_image', false],
		['animateImage', 'minimax-h3', 'reference', 'image_urls', true],
		['animateImage', 'veo-3.1/image-to-video', 'image', 'image_url', false],
		['animateImage', 'wan2.7-video/image-to-video', 'image', 'media', true],
		[
			'generateFromReferences',
			'happyhorse-1.1/reference-to-video',
			'reference',
			'reference_image',
			true,
		],
		['generateFromReferences', 'minimax-h3', 'reference', 'image_urls', true],
		['generateFromReferences', 'minimax-h3', 'referenceVideo', 'video_urls', true],
		[
			'generateFromReferences',
			'seedance-2.5/reference-to-video',
			'referenceAudio',
			'reference_audio_urls',
			true,
		],
	])('%s with %s: %s goes to %s', (operation, model, role, name, isList) => {
		expect(fieldForRole(role, bundled(model), named(operation))).toMatchObject({ name, isList });
	});

	it('says so where a model that is known in whole has no such field', () => {
		const animate = named('animateImage');
		expect(
			fieldForRole('lastFrame', bundled('happyhorse-1.1/image-to-video'), animate),
		).toBeUndefined();
		expect(fieldForRole('image', bundled('happyhorse-1.1/text-to-video'), animate)).toBeUndefined();
		const live = { ...bundled('veo-3.1/image-to-video'), source: 'live' as const };
		expect(fieldForRole('lastFrame', live, animate)).toBeUndefined();
	});

	it('knows which models fetch the file themselves', () => {
		const linksOnly = (model: string, operation: string) =>
			fieldForRole('image', bundled(model), named(operation))?.linksOnly;
		expect(linksOnly('851-labs/background-remover', 'removeBackground')).toBe(true);
		expect(linksOnly('gpt-image-2/image-to-image', 'edit')).toBe(true);
		expect(linksOnly('gpt-image-2.5-flare@pro', 'edit')).toBe(true);
		expect(linksOnly('gpt-image-2.5-flare/image-to-image', 'edit')).toBe(false);
		expect(linksOnly('seedance-2.0', 'animateImage')).toBe(false);
		expect(linksOnly('kling-3.0-omni/image-to-video', 'animateImage')).toBe(false);
	});

	it('makes objects for a field that wants them', () => {
		const wan = bundled('wan2.7-video/image-to-video');
		expect(fieldForRole('image', wan, named('animateImage'))?.objectType).toBe('first_frame');
		expect(fieldForRole('lastFrame', wan, named('animateImage'))?.objectType).toBe('last_frame');
	});

	it('finds a place for the image in every bundled model that fits', () => {
		const models = snapshot.models.map((model) => ({ ...model, source: 'snapshot' as const }));
		for (const purpose of purposes.filter(({ image }) => image !== undefined)) {
			for (const { id } of fittingModels(models, purpose)) {
				const known = bundled(id);
				const field = fieldForRole(purpose.image as FileRole, known, purpose);
				expect([id, field]).toEqual([id, expect.anything()]);
				if (known.fields.length > 0)
					expect(known.fields.map(({ name }) => name)).toContain(field?.name);
			}
		}
	});
});
