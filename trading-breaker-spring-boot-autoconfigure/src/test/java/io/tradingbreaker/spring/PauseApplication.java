package io.tradingbreaker.spring;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/** What {@link PauseTests} starts: an application without beans of its own, and so with the default breaker. */
@SpringBootConfiguration
@EnableAutoConfiguration
class PauseApplication {}
