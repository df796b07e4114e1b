/** Properties, beans and failure analysis: the wiring of the starter. */
@NullMarked
package io.tradingbreaker.spring.autoconfigure;

import org.jspecify.annotations.NullMarked;
