/** What a guarded call costs and how soon a pause comes, beside the peers and the clock. */
@NullMarked
package io.tradingbreaker.benchmarks;

import org.jspecify.annotations.NullMarked;
