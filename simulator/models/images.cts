import {
	addresses,
	choice,
	inputSchema,
	integer,
	LINK_PATTERN,
	text,
	whenThen,
	yesNo,
	type JsonSchema,
	type SimulatedModel,
} from './schema.cts';

const RATIOS_2 = [
	'auto',
	'1:1',
	'3:2',
	'2:3',
	'4:3',
	'3:4',
	'5:4',
	'4:5',
	'16:9',
	'9:16',
	'2:1',
	'1:2',
	'3:1',
	'1:3',
	'21:9',
	'9:21',
];
const RATIOS_25 = [
	'auto',
	'1:1',
	'3:2',
	'2:3',
	'4:3',
	'3:4',
	'16:9',
	'9:16',
	'21:9',
	'27:16',
	'16:27',
	'9:8',
	'8:9',
];
const RATIOS_25_PRO = [
	'1:1',
	'3:2',
	'2:3',
	'4:3',
	'3:4',
	'16:9',
	'9:16',
	'auto',
	'1024x1024',
	'1536x1024',
	'1024x1536',
	'1536x1152',
	'1152x1536',
	'2048x2048',
	'2048x1152',
	'1152x2048',
	'3840x2160',
	'2160x3840',
];
const RESOLUTIONS = ['1K', '2K', '4K'];
const BACKGROUNDS = ['auto', 'opaque', 'transparent'];
const BACKGROUND_NEEDS_1K = whenThen(
	{ background: ['auto', 'opaque', 'transparent'] },
	{ resolution: ['1K'] },
);
const without = (values: string[], ...removed: string[]) =>
	values.filter((value) => !removed.includes(value));

/** docs.hiapi.ai/models/image/gpt-image-2 and hiapi-gpt-image-2-skill references/api.md; as conditions: our reading. */
const gptImage2TextToImage: SimulatedModel = {
	id: 'gpt-image-2/text-to-image',
	aliases: ['gpt-image-2'],
	title: 'GPT Image 2 (text to image)',
	category: 'image',
	capability: 'text-to-image',
	costUsd: 0.04,
	routes: {
		default: inputSchema(
			['prompt'],
			{
				prompt: text({ minLength: 1, maxLength: 20000 }),
				aspect_ratio: choice(RATIOS_2, { default: 'auto' }),
				resolution: choice(RESOLUTIONS, { default: '1K' }),
				background: choice(BACKGROUNDS),
			},
			{
				allOf: [
					BACKGROUND_NEEDS_1K,
					whenThen(
						{ resolution: ['2K'] },
						{ aspect_ratio: without(RATIOS_2, 'auto', '5:4', '4:5', '3:1', '1:3', '9:21') },
					),
					whenThen(
						{ resolution: ['4K'] },
						{ aspect_ratio: without(RATIOS_2, 'auto', '1:1', '3:1', '1:3', '9:21') },
					),
				],
			},
		),
		beta: inputSchema(['prompt'], {
			prompt: text({ minLength: 1 }),
			size: text({ default: 'auto' }),
		}),
		ext: inputSchema(['prompt', 'resolution', 'quality'], {
			prompt: text({ minLength: 1 }),
			aspect_ratio: choice(RATIOS_2, { default: '1:1' }),
			resolution: choice(RESOLUTIONS, { default: '1K' }),
			quality: choice(['low', 'medium', 'high'], { default: 'low' }),
		}),
	},
};

/** docs.hiapi.ai/models/image/gpt-image-2: the field for pictures changes its name with the route. */
const gptImage2ImageToImage: SimulatedModel = {
	id: 'gpt-image-2/image-to-image',
	aliases: ['gpt-image-2-image-to-image'],
	title: 'GPT Image 2 (image to image)',
	category: 'image',
	capability: 'image-to-image',
	costUsd: 0.05,
	routes: {
		default: inputSchema(
			['prompt', 'input_urls'],
			{
				prompt: text({ minLength: 1, maxLength: 20000 }),
				input_urls: addresses({ minItems: 1, maxItems: 16 }),
				aspect_ratio: choice(RATIOS_2, { default: 'auto' }),
				resolution: choice(RESOLUTIONS, { default: '1K' }),
				background: choice(BACKGROUNDS),
			},
			{ allOf: [BACKGROUND_NEEDS_1K] },
		),
		ext: inputSchema(['prompt', 'image_urls', 'resolution', 'quality'], {
			prompt: text({ minLength: 1 }),
			image_urls: addresses({ minItems: 1, maxItems: 6 }),
			aspect_ratio: choice(RATIOS_2, { default: 'auto' }),
			resolution: choice(RESOLUTIONS, { default: '1K' }),
			quality: choice(['low', 'medium', 'high'], { default: 'low' }),
		}),
	},
};

/** hiapi-gpt-image-2-5-skill tests/fixtures/gpt-image-2-5-schemas.json (captured live 2026-10-05). */
const flareProperties = {
	prompt: text({ minLength: 1, maxLength: 8000 }),
	aspect_ratio: choice(RATIOS_25, { default: 'auto' }),
	resolution: choice(RESOLUTIONS, { default: '1K' }),
	background: choice(['transparent', 'opaque', 'auto']),
};
const flareTextToImage: SimulatedModel = {
	id: 'gpt-image-2.5-flare/text-to-image',
	aliases: [],
	title: 'GPT Image 2.5 Flare (text to image)',
	category: 'image',
	capability: 'text-to-image',
	costUsd: 0.03,
	routes: { default: inputSchema(['prompt'], flareProperties, { allOf: [BACKGROUND_NEEDS_1K] }) },
};
const flareImageToImage: SimulatedModel = {
	id: 'gpt-image-2.5-flare/image-to-image',
	aliases: [],
	title: 'GPT Image 2.5 Flare (image to image)',
	category: 'image',
	capability: 'image-to-image',
	costUsd: 0.03,
	routes: {
		default: inputSchema(
			['prompt', 'image_urls'],
			{ ...flareProperties, image_urls: addresses({ minItems: 1, maxItems: 16 }) },
			{ allOf: [BACKGROUND_NEEDS_1K] },
		),
	},
};
/** The two `@pro` routes differ in one thing: Flare takes web addresses only. */
const proRoute = (pictures: JsonSchema) =>
	inputSchema(['prompt'], {
		prompt: text({ minLength: 1, maxLength: 8000 }),
		image_urls: pictures,
		aspect_ratio: choice(RATIOS_25_PRO, { default: '1:1' }),
		quality: choice(['low', 'medium', 'high', 'xhigh', 'max', 'auto'], { default: 'medium' }),
		background: choice(['auto', 'transparent', 'opaque'], { default: 'auto' }),
		output_format: choice(['png', 'jpeg', 'webp'], { default: 'webp' }),
	});
const flarePro: SimulatedModel = {
	id: 'gpt-image-2.5-flare',
	aliases: [],
	title: 'GPT Image 2.5 Flare Pro',
	category: 'image',
	capability: 'text-to-image',
	costUsd: 0.09,
	routes: {
		pro: proRoute(addresses({ minItems: 1, maxItems: 16 }, { pattern: LINK_PATTERN })),
	},
};
const sunburstPro: SimulatedModel = {
	...flarePro,
	id: 'gpt-image-2.5-sunburst',
	title: 'GPT Image 2.5 Sunburst Pro',
	routes: { pro: proRoute(addresses({ minItems: 1, maxItems: 16 })) },
};

/** HiAPI's model pages; `z-image` is only known to take prompt and aspect_ratio. */
const zImage: SimulatedModel = {
	id: 'z-image',
	aliases: ['z-image/text-to-image'],
	title: 'Z-Image',
	category: 'image',
	capability: 'text-to-image',
	costUsd: 0.01,
	routes: {
		default: inputSchema(['prompt'], { prompt: text({ minLength: 1 }), aspect_ratio: text() }),
	},
};
const qwenImage: SimulatedModel = {
	id: 'qwen-image-2.0',
	aliases: [],
	title: 'Qwen Image 2.0',
	category: 'image',
	capability: 'text-to-image',
	costUsd: 0.03,
	routes: {
		default: inputSchema(['prompt'], {
			prompt: text({ minLength: 1 }),
			size: choice(['2688*1536', '2368*1728', '2048*2048', '1728*2368', '1536*2688'], {
				default: '2048*2048',
			}),
			negative_prompt: text({ default: '' }),
			prompt_extend: yesNo({ default: true }),
			watermark: yesNo({ default: false }),
			seed: integer(0, 2147483647),
		}),
	},
};

export const imageModels = [
	gptImage2TextToImage,
	gptImage2ImageToImage,
	flareTextToImage,
	flareImageToImage,
	flarePro,
	sunburstPro,
	zImage,
	qwenImage,
];
