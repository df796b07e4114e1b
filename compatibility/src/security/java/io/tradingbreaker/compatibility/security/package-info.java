/** Who may do what, where Spring Security protects Actuator. */
@NullMarked
package io.tradingbreaker.compatibility.security;

import org.jspecify.annotations.NullMarked;
