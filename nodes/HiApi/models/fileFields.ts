import type { InputField } from './inputSchema';

const NAMES = /(^|_)(urls?|images?|videos?|audios?)$|^image_input$/;

/**
 * Whether a field takes the address of a file, or several: HiAPI's schemas describe them as texts, so only the name can
 * tell (`image_urls`, `first_frame_url`, `image`, …).
 */
export function takesFiles({
	name,
	type,
	entryType,
	choices,
}: Pick<InputField, 'name' | 'type' | 'entryType' | 'choices'>): boolean {
	if (choices !== undefined || !NAMES.test(name)) return false;
	return (
		type === 'string' ||
		type === 'any' ||
		(type === 'list' && (entryType === undefined || entryType === 'string' || entryType === 'any'))
	);
}
