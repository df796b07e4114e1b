package io.tradingbreaker.spring.store;

import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.util.ClassUtils;

/** Takes the scripts that create tables into native images. */
final class ScriptHints implements RuntimeHintsRegistrar {

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        String folder = ClassUtils.convertClassNameToResourcePath(Dialect.class.getPackageName());
        Arrays.stream(Dialect.values())
                .map(Dialect::script)
                .flatMap(Stream::ofNullable)
                .forEach(script -> hints.resources().registerPattern(folder + "/" + script));
    }
}
