/** The dashboard: the Actuator endpoint {@code tradingdashboard}, its page and the history behind it. */
@NullMarked
package io.tradingbreaker.spring.dashboard;

import org.jspecify.annotations.NullMarked;
