package io.tradingbreaker.spring.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/** Lets a blank value of ours count as unset, where Spring Boot takes it for an unknown or a broken one. */
final class BlankValues implements ConfigurationPropertiesBindHandlerAdvisor {

    private static final ConfigurationPropertyName OURS = ConfigurationPropertyName.of("trading-breaker");

    @Override
    public BindHandler apply(BindHandler handler) {
        return new AbstractBindHandler(handler) {

            @Override
            public void onFinish(
                    ConfigurationPropertyName name, Bindable<?> target, BindContext context, @Nullable Object result)
                    throws Exception {
                if (result == null && isBlank(name, context)) {
                    // Tells the search for unknown properties that this one is known.
                    super.onSuccess(name, target, context, "");
                }
                super.onFinish(name, target, context, result);
            }

            @Override
            public @Nullable Object onFailure(
                    ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error)
                    throws Exception {
                if (isBlank(name, context)) {
                    super.onSuccess(name, target, context, "");
                    return null;
                }
                return super.onFailure(name, target, context, error);
            }
        };
    }

    private static boolean isBlank(ConfigurationPropertyName name, BindContext context) {
        ConfigurationProperty property = context.getConfigurationProperty();
        return property != null
                && OURS.isAncestorOf(name)
                && property.getName().equals(name)
                && String.valueOf(property.getValue()).isBlank();
    }
}
