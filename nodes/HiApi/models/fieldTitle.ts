const upperCaseWords = new Set([
	'url',
	'urls',
	'id',
	'ids',
	'bpm',
	'nsfw',
	'fps',
	'json',
	'ai',
	'lora',
	'hd',
	'cfg',
]);

function titleWord(word: string): string {
	const lower = word.toLowerCase();
	if (!upperCaseWords.has(lower)) return word.charAt(0).toUpperCase() + word.slice(1);
	const plural = /^(url|id)s$/.exec(lower);
	return plural ? `${plural[1].toUpperCase()}s` : lower.toUpperCase();
}

/** A field's name as n8n labels it: `reference_image_urls` becomes `Reference Image URLs`. */
export function fieldTitle(name: string): string {
	const words = name
		.replace(/([a-z0-9])([A-Z])/g, '$1 $2')
		.split(/[\s_.-]+/)
		.filter(Boolean);
	return words.map(titleWord).join(' ') || name;
}
