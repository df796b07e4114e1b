/** jcstress tests of the core; in its package, since they reach for its machinery. */
@org.jspecify.annotations.NullMarked
package io.tradingbreaker;
