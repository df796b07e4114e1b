/** What differs on Spring Boot 3.5. */
@NullMarked
package io.tradingbreaker.spring.boot3;

import org.jspecify.annotations.NullMarked;
