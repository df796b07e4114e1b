/** What guards by configuration have in common, whatever they guard. */
@NullMarked
package io.tradingbreaker.spring.guards;

import org.jspecify.annotations.NullMarked;
