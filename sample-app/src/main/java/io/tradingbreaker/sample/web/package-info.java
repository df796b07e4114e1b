/** The service's HTTP face. */
@NullMarked
package io.tradingbreaker.sample.web;

import org.jspecify.annotations.NullMarked;
