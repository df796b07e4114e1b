package io.tradingbreaker.spring.autoconfigure;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/** What {@link PropertyKeys} reads of the properties' records, in native images; Spring Boot's own hints are of their constructors. */
final class PropertyHints implements RuntimeHintsRegistrar {

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        PropertyKeys.HOSTS.forEach(host -> register(host, hints));
    }

    private static void register(Class<?> type, RuntimeHints hints) {
        if (type.isRecord()) {
            // Components of a record are known there only together with all accessors.
            hints.reflection().registerType(type, MemberCategory.INVOKE_PUBLIC_METHODS);
        }
        Arrays.stream(type.getDeclaredClasses()).forEach(nested -> register(nested, hints));
    }
}
