/** The answer of a web application to a refused call. */
@NullMarked
package io.tradingbreaker.spring.web;

import org.jspecify.annotations.NullMarked;
