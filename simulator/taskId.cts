import { randomBytes } from 'node:crypto';

const CROCKFORD_BASE32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_CHARACTERS = 10;
const RANDOM_CHARACTERS = 16;
const RANDOM_BITS = BigInt(RANDOM_CHARACTERS * 5);

function encode(value: bigint, characters: number): string {
	let text = '';
	for (let rest = value, count = 0; count < characters; count += 1, rest /= 32n)
		text = CROCKFORD_BASE32[Number(rest % 32n)] + text;
	return text;
}

/**
 * Makes task ids as HiAPI's are: `tk-hiapi-` and a ULID, whose first ten characters are the moment of the create. Ids of one
 * millisecond follow one another, so that an id can be guessed: it is no secret (seen in HiAPI's own run logs).
 */
export class TaskIds {
	private lastMilliseconds = -1;
	private lastRandom = 0n;

	/** @param milliseconds the create's moment, Unix milliseconds of the simulated clock */
	next(milliseconds: number): string {
		this.lastRandom =
			milliseconds === this.lastMilliseconds
				? (this.lastRandom + 1n) % (1n << RANDOM_BITS)
				: BigInt(`0x${randomBytes(RANDOM_CHARACTERS).toString('hex')}`) % (1n << RANDOM_BITS);
		this.lastMilliseconds = milliseconds;
		const time = encode(BigInt(milliseconds), TIME_CHARACTERS);
		return `tk-hiapi-${time}${encode(this.lastRandom, RANDOM_CHARACTERS)}`;
	}
}

/** The moment in a task id, Unix milliseconds. Throws when it is no such id. */
export function momentOfTaskId(taskId: string): number {
	const time = /^tk-hiapi-([0-9A-HJKMNP-TV-Z]{10})[0-9A-HJKMNP-TV-Z]{16}$/.exec(taskId)?.[1];
	if (time === undefined) throw new Error(`not a task id: ${taskId}`);
	return [...time].reduce((sum, character) => sum * 32 + CROCKFORD_BASE32.indexOf(character), 0);
}
