/** Guards for the requests of {@code RestClient}, {@code RestTemplate} and {@code WebClient}. */
@NullMarked
package io.tradingbreaker.spring.http;

import org.jspecify.annotations.NullMarked;
