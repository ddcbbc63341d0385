import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Random choices that a seed repeats. */
export interface Random {
	/** A whole number from `least` to `most`, both included. */
	int: (least: number, most: number) => number;
	pick: <T>(choices: readonly T[]) => T;
	shuffled: <T>(list: readonly T[]) => T[];
	/** True in so many of 100 cases. */
	percent: (chance: number) => boolean;
}

/** Each `lane` of a seed has numbers of its own, so that a change to one kind of fault leaves the moments of the others alone. */
export function randomOf(seed: number, lane: number): Random {
	const generator = xoroshiro128plus(seed);
	for (let jump = 0; jump < lane; jump += 1) generator.jump();
	const int = (least: number, most: number) => uniformInt(generator, least, most);
	return {
		int,
		pick: (choices) => choices[int(0, choices.length - 1)],
		shuffled: (list) => {
			const left = [...list];
			return list.map(() => left.splice(int(0, left.length - 1), 1)[0]);
		},
		percent: (chance) => int(1, 100) <= chance,
	};
}
