/** What a trading desk does when trading pauses and resumes. */
@NullMarked
package io.tradingbreaker.spring.desk;

import org.jspecify.annotations.NullMarked;
