import { fieldTitle } from '../../../../nodes/HiApi/models/fieldTitle';

describe('fieldTitle', () => {
	it.each([
		['prompt', 'Prompt'],
		['aspect_ratio', 'Aspect Ratio'],
		['reference_image_urls', 'Reference Image URLs'],
		['image_url', 'Image URL'],
		['bpm', 'BPM'],
		['nsfw_checker', 'NSFW Checker'],
		['voice-id', 'Voice ID'],
		['voiceIds', 'Voice IDs'],
		['outputFormat', 'Output Format'],
		['___', '___'],
	])('%s becomes %s', (name, title) => {
		expect(fieldTitle(name)).toBe(title);
	});
});
