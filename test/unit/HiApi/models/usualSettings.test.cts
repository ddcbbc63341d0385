import { fieldsOf } from '../../../../nodes/HiApi/models/inputSchema';
import type { ModelInput } from '../../../../nodes/HiApi/models/modelCatalog';
import { snapshot } from '../../../../nodes/HiApi/models/snapshot';
import { applySetting, settingChoices } from '../../../../nodes/HiApi/models/usualSettings';

const known = (id: string): ModelInput => {
	const schema = snapshot.models.find((model) => model.id === id)?.inputSchema;
	return {
		model: id,
		source: 'snapshot',
		schema,
		fields: schema === undefined ? [] : fieldsOf(schema),
		usual: [],
		limits: [],
	};
};

describe('settingChoices', () => {
	it("are the model's own", () => {
		expect(settingChoices('resolution', known('gpt-image-2/text-to-image'), 'image')).toEqual([
			'1K',
			'2K',
			'4K',
		]);
		expect(settingChoices('resolution', known('qwen-image-2.0'), 'image')).toContain('2048*2048');
		expect(settingChoices('duration', known('happyhorse-1.1/text-to-video'), 'video')).toEqual([
			3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
		]);
	});

	it('never hold what only means "decide yourself"', () => {
		const choices = settingChoices('duration', known('seedance-2.5/reference-to-video'), 'video');
		expect([choices[0], choices.at(-1)]).toEqual([1, 30]);
	});

	it('are the usual ones where the model leaves them open, or nobody knows it', () => {
		expect(settingChoices('aspectRatio', known('z-image'), 'image')).toContain('16:9');
		expect(settingChoices('aspectRatio', known('model-of-tomorrow'), 'video')).toContain('9:16');
		expect(settingChoices('duration', known('wan2.7-video/text-to-video'), 'video')).toEqual([
			5, 10,
		]);
	});

	it('are none where the model has no such setting', () => {
		expect(settingChoices('aspectRatio', known('happyhorse-1.1/image-to-video'), 'video')).toEqual(
			[],
		);
		expect(settingChoices('voice', known('qwen-audio-3.0-tts-plus'), 'audio')).toEqual([]);
	});
});

describe('applySetting', () => {
	it.each([
		[
			'aspectRatio',
			'16:9',
			'gpt-image-2/text-to-image',
			{ ok: true, field: 'aspect_ratio', value: '16:9' },
		],
		['resolution', '2048*2048', 'qwen-image-2.0', { ok: true, field: 'size', value: '2048*2048' }],
		['duration', '7', 'happyhorse-1.1/text-to-video', { ok: true, field: 'duration', value: 7 }],
		['voice', 'anna', 'qwen-audio-3.0-tts-plus', { ok: true, field: 'voice', value: 'anna' }],
		[
			'aspectRatio',
			'16:9',
			'model-of-tomorrow',
			{ ok: true, field: 'aspect_ratio', value: '16:9' },
		],
		['aspectRatio', '7:5', 'z-image', { ok: true, field: 'aspect_ratio', value: '7:5' }],
	] as const)('%s %s for %s', (name, value, model, expected) => {
		expect(applySetting(name, value, known(model))).toEqual(expected);
	});

	it.each([
		['aspectRatio', '1:8', 'gpt-image-2/text-to-image'],
		['resolution', '720p', 'gpt-image-2/text-to-image'],
		['duration', 16, 'happyhorse-1.1/text-to-video'],
		['aspectRatio', '16:9', 'happyhorse-1.1/image-to-video'],
	] as const)('does not send %s %s to %s', (name, value, model) => {
		const applied = applySetting(name, value, known(model));
		expect(applied).toMatchObject({ ok: false });
	});
});
