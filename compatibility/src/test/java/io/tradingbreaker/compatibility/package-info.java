/** What must be the same on every line of Spring Boot. */
@NullMarked
package io.tradingbreaker.compatibility;

import org.jspecify.annotations.NullMarked;
