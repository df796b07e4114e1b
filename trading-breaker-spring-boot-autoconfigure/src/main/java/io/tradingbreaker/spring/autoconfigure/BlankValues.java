package io.tradingbreaker.spring.autoconfigure;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.core.convert.ConversionException;

/**
 * Lets a blank value of ours count as unset, where Spring Boot takes it for an unknown or a broken one. A blank breaker
 * is declared without limits of its own. Refuses text in the place of a block, which Spring Boot passes over where
 * another source has properties of that block. A variable that only looks like a block of ours is left alone.
 */
final class BlankValues implements ConfigurationPropertiesBindHandlerAdvisor {

    @Override
    public BindHandler apply(BindHandler handler) {
        return new AbstractBindHandler(handler) {

            @Override
            public <T> @Nullable Bindable<T> onStart(
                    ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
                if (PropertyKeys.isOurs(name) && PropertyKeys.isBlock(type(target))) {
                    String text = text(name, target, context);
                    if (text != null && !text.isBlank()) {
                        throw new IllegalArgumentException("text in the place of a block");
                    }
                }
                return super.onStart(name, target, context);
            }

            @Override
            public void onFinish(
                    ConfigurationPropertyName name, Bindable<?> target, BindContext context, @Nullable Object result)
                    throws Exception {
                if (result == null && isBlank(name, target, context)) {
                    // Tells the search for unknown properties that this one is known.
                    super.onSuccess(name, target, context, "");
                }
                super.onFinish(name, target, context, result);
            }

            @Override
            public @Nullable Object onFailure(
                    ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error)
                    throws Exception {
                // Any other is of a deeper name: Spring Boot asks at each block on the way up.
                if (error instanceof ConversionException && isBlank(name, target, context)) {
                    super.onSuccess(name, target, context, "");
                    // Asked on Spring Boot 3.5 only: on 4 a blank breaker binds without.
                    return type(target) == BreakerSettings.class ? BreakerSettings.EMPTY : null;
                }
                return super.onFailure(name, target, context, error);
            }
        };
    }

    private static Class<?> type(Bindable<?> target) {
        return target.getType().resolve(Object.class);
    }

    private static boolean isBlank(ConfigurationPropertyName name, Bindable<?> target, BindContext context) {
        String text = PropertyKeys.isOurs(name) ? text(name, target, context) : null;
        return text != null && text.isBlank();
    }

    /** The property's own text in the first source that has it. What a variable says that others may mean is blank. */
    private static @Nullable String text(ConfigurationPropertyName name, Bindable<?> target, BindContext context) {
        boolean isShared = PropertyKeys.isSharedBlock(name, type(target));
        String text = null;
        for (ConfigurationPropertySource source : context.getSources()) {
            ConfigurationProperty found = source.getConfigurationProperty(name);
            if (found != null && isShared && ProcessSettings.isEnvironment(source)) {
                text = "";
            } else if (found != null) {
                return Objects.toString(found.getValue(), "");
            }
        }
        return text;
    }
}
