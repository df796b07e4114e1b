/** Auto-configuration of endpoint, health contributor and meters. */
@NullMarked
package io.tradingbreaker.spring.autoconfigure.actuate;

import org.jspecify.annotations.NullMarked;
