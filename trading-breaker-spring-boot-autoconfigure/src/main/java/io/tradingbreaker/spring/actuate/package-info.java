/** The Actuator endpoint {@code circuitbreaker}. */
@NullMarked
package io.tradingbreaker.spring.actuate;

import org.jspecify.annotations.NullMarked;
