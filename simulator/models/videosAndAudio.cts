import {
	addresses,
	choice,
	inputSchema,
	integer,
	text,
	yesNo,
	type JsonSchema,
	type SimulatedModel,
} from './schema.cts';

const HAPPYHORSE_RATIOS = ['16:9', '9:16', '3:4', '4:3', '4:5', '5:4', '1:1', '9:21', '21:9'];

/** hiapi.ai/en/blog/happyhorse-1-1-text-to-video-api-tutorial, whose refusals were quoted from the live API. */
const happyhorseTextToVideo: SimulatedModel = {
	id: 'happyhorse-1.1/text-to-video',
	aliases: [],
	title: 'HappyHorse 1.1 (text to video)',
	category: 'video',
	capability: 'text-to-video',
	costUsd: 0.6,
	routes: {
		default: inputSchema(['prompt'], {
			prompt: text({ minLength: 1 }),
			aspect_ratio: choice(HAPPYHORSE_RATIOS, { default: '16:9' }),
			resolution: choice(['720p', '1080p'], { default: '1080p' }),
			duration: integer(3, 15, { default: 5 }),
		}),
	},
};
const happyhorseImageToVideo: SimulatedModel = {
	id: 'happyhorse-1.1/image-to-video',
	aliases: [],
	title: 'HappyHorse 1.1 (image to video)',
	category: 'video',
	capability: 'image-to-video',
	costUsd: 0.6,
	routes: {
		default: inputSchema(['image_urls'], {
			image_urls: addresses({ minItems: 1, maxItems: 1 }),
			prompt: text(),
			resolution: choice(['720p', '1080p']),
			duration: integer(3, 15),
		}),
	},
};

/** The id in docs.hiapi.ai's examples. */
const happyhorse10: SimulatedModel = {
	id: 'happyhorse-1-0',
	aliases: ['happyhorse-1.0'],
	title: 'HappyHorse 1.0',
	category: 'video',
	capability: 'text-to-video',
	costUsd: 0.5,
	routes: {
		default: inputSchema(['prompt'], {
			prompt: text({ minLength: 1 }),
			aspect_ratio: choice(['1:1', '16:9', '3:4', '4:3', '9:16'], { default: '16:9' }),
			duration: integer(3, 15, { default: 5 }),
			resolution: choice(['720p', '1080p'], { default: '1080p' }),
			seed: { type: 'integer' },
		}),
	},
};

/** Only these three fields are known; routes default and pro. */
const wanInput: JsonSchema = inputSchema(['prompt'], {
	prompt: text({ minLength: 1 }),
	aspect_ratio: text(),
	duration: { type: 'integer' },
});
const wanTextToVideo: SimulatedModel = {
	id: 'wan2.7-video/text-to-video',
	aliases: [],
	title: 'Wan 2.7 (text to video)',
	category: 'video',
	capability: 'text-to-video',
	costUsd: 0.5,
	routes: { default: wanInput, pro: wanInput },
};

/**
 * docs.hiapi.ai/models/video/seedance-2-0 and hiapi-seedance-2-0-video-skill; no `seed`, which HiAPI refused in 2026-07
 * (hiapi-product-video-skills, e2e-validation); 4k since 2026 (hiapi-skills skills.json); the id with the dot is the one
 * in force (hiapi-skills skills.json).
 */
const seedance: SimulatedModel = {
	id: 'seedance-2.0',
	aliases: [],
	oldIds: ['seedance-2-0'],
	title: 'Seedance 2.0',
	category: 'video',
	capability: 'text-to-video',
	costUsd: 0.8,
	routes: {
		default: inputSchema(['prompt'], {
			prompt: text({ minLength: 3, maxLength: 20000 }),
			aspect_ratio: choice(['1:1', '4:3', '3:4', '16:9', '9:16', '21:9', 'adaptive'], {
				default: '16:9',
			}),
			duration: integer(4, 15, { default: 5 }),
			resolution: choice(['480p', '720p', '1080p', '4k'], { default: '720p' }),
			first_frame_url: text({ format: 'uri' }),
			last_frame_url: text({ format: 'uri' }),
			reference_image_urls: addresses({ maxItems: 9 }),
			reference_video_urls: addresses({ maxItems: 3 }),
			reference_audio_urls: addresses({ maxItems: 3 }),
			generate_audio: yesNo({ default: true }),
			return_last_frame: yesNo(),
			web_search: yesNo(),
			nsfw_checker: yesNo(),
		}),
	},
};

/** hiapi-hand-painted-animation-skill references/models.md (music) and public code (speech). */
const minimaxMusic: SimulatedModel = {
	id: 'minimax-music-2.6',
	aliases: [],
	title: 'MiniMax Music 2.6',
	category: 'audio',
	capability: 'text-to-music',
	costUsd: 0.15,
	routes: {
		default: inputSchema(['prompt'], {
			prompt: text({ minLength: 1, maxLength: 2000 }),
			lyrics: text({ maxLength: 3500 }),
			is_instrumental: yesNo(),
			audio_format: text(),
		}),
	},
};
const qwenSpeech: SimulatedModel = {
	id: 'qwen-audio-3.0-tts-plus',
	aliases: [],
	title: 'Qwen Audio 3.0 TTS Plus',
	category: 'audio',
	capability: 'text-to-speech',
	costUsd: 0.02,
	routes: {
		default: inputSchema(['text'], {
			text: text({ minLength: 1 }),
			voice: text(),
			format: text(),
			instruction: text(),
			language_hints: { type: 'array', items: { type: 'string' } },
			rate: { type: 'number' },
		}),
	},
};

export const videoAndAudioModels = [
	happyhorseTextToVideo,
	happyhorseImageToVideo,
	happyhorse10,
	wanTextToVideo,
	seedance,
	minimaxMusic,
	qwenSpeech,
];
