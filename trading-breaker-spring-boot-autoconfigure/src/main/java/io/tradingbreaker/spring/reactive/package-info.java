/** Guards subscriptions to Reactor's publishers. */
@NullMarked
package io.tradingbreaker.spring.reactive;

import org.jspecify.annotations.NullMarked;
