const { createHash } = require('node:crypto');
const { relative } = require('node:path');

const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * Runs test files in an order that follows from the seed Jest prints, so that no file comes to need another one before it.
 * `--seed NUMBER` repeats an order; of two files the order is the same whatever other files run.
 */
module.exports = class RandomOrder extends Sequencer {
	constructor(options) {
		super(options);
		this.seed = options.globalConfig.seed;
	}

	sort(tests) {
		const rank = ({ path, context }) =>
			createHash('sha256')
				.update(`${this.seed}:${relative(context.config.rootDir, path)}`)
				.digest('hex');
		return [...tests].sort((one, other) => (rank(one) < rank(other) ? -1 : 1));
	}
};
