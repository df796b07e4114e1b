package io.tradingbreaker.spring.dashboard;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.util.ClassUtils;

/** Takes the page's files into native images. */
final class AssetHints implements RuntimeHintsRegistrar {

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        String folder = ClassUtils.convertClassNameToResourcePath(Assets.class.getPackageName());
        Assets.files().forEach(file -> hints.resources().registerPattern(folder + "/" + file));
    }
}
