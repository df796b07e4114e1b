/** The breakers' meters. */
@NullMarked
package io.tradingbreaker.spring.micrometer;

import org.jspecify.annotations.NullMarked;
