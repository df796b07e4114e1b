package io.tradingbreaker.spring.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/** What {@link LatencyGuardedAutoConfiguration} looks for by its name, which native images answer only if told. */
final class GuardHints implements RuntimeHintsRegistrar {

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        hints.reflection().registerTypeIfPresent(classLoader, LatencyGuardedAutoConfiguration.REACTOR);
    }
}
