package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.spring.autoconfigure.TradingBreakerProperties.Grpc;
import io.tradingbreaker.spring.autoconfigure.TradingBreakerProperties.Http;
import io.tradingbreaker.spring.autoconfigure.TradingBreakerProperties.Store;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.springframework.aot.AotDetector;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConstructorArgumentValues;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * The settings that decide which beans there are. An application that was processed ahead of time has the beans of then:
 * its start is refused where a setting has changed since, as what was asked for would silently be missing, or still be there.
 */
final class FixedSettings implements InitializingBean {

    private static final String NAME = "tradingBreakerFixedSettings";
    private static final String ENABLED = "enabled";
    private static final List<String> ON_IF_NOT_SET = List.of(
            ENABLED,
            "http.enabled",
            "grpc.enabled",
            "metrics.enabled",
            "audit.enabled",
            "dashboard.enabled",
            "web.enabled");

    private final Map<String, String> built;
    private final Environment environment;

    /** @param built the settings that the beans were chosen by */
    FixedSettings(Map<String, String> built, Environment environment) {
        this.built = built;
        this.environment = environment;
    }

    /** A plain start has chosen its beans just now. */
    @Override
    public void afterPropertiesSet() {
        if (AotDetector.useGeneratedArtifacts()) {
            check();
        }
    }

    void check() {
        Map<String, String> now = of(environment);
        if ("false".equals(now.get(ENABLED))) {
            // Then every call passes, whatever there is.
            return;
        }
        built.forEach((property, then) -> {
            String value = now.getOrDefault(property, then);
            if (!value.equals(then)) {
                throw new InvalidConfigException(
                        property,
                        value,
                        "must be " + then + ", as it was when this application was processed ahead of time: its beans"
                                + " were chosen then");
            }
        });
    }

    /** The settings, by their names without the prefix. */
    static Map<String, String> of(Environment environment) {
        Binder binder = Binder.get(environment);
        Map<String, String> settings = new LinkedHashMap<>();
        ON_IF_NOT_SET.forEach(name -> settings.put(name, flag(binder, name, true)));
        settings.put("observation.enabled", flag(binder, "observation.enabled", false));
        settings.put(
                "http.guards", isSet(!block(binder, "http", Http.class).guards().isEmpty()));
        settings.put(
                "grpc.guards", isSet(!block(binder, "grpc", Grpc.class).guards().isEmpty()));
        settings.put(
                "store.type",
                block(binder, "store", Store.class).chosen().name().toLowerCase(Locale.ROOT));
        settings.put(
                "webhook.url",
                isSet(!Objects.requireNonNullElse(
                                binder.bind(full("webhook.url"), String.class).orElse(null), "")
                        .isBlank()));
        return settings;
    }

    private static String flag(Binder binder, String name, boolean ifNotSet) {
        return String.valueOf(binder.bind(full(name), Boolean.class).orElse(ifNotSet));
    }

    private static <T> T block(Binder binder, String name, Class<T> type) {
        return binder.bindOrCreate(full(name), Bindable.of(type), new BlankValues().apply(BindHandler.DEFAULT));
    }

    private static String isSet(boolean isSet) {
        return isSet ? "set" : "unset";
    }

    private static String full(String name) {
        return PropertyKeys.ROOT + "." + name;
    }

    /** Adds the bean with the settings that the others are chosen by: ahead of time, they become part of the application. */
    static final class Registrar implements ImportBeanDefinitionRegistrar {

        private final Environment environment;

        Registrar(Environment environment) {
            this.environment = environment;
        }

        @Override
        public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
            RootBeanDefinition bean = new RootBeanDefinition(FixedSettings.class);
            ConstructorArgumentValues arguments = bean.getConstructorArgumentValues();
            arguments.addIndexedArgumentValue(0, of(environment));
            arguments.addIndexedArgumentValue(
                    1, new RuntimeBeanReference(ConfigurableApplicationContext.ENVIRONMENT_BEAN_NAME));
            bean.setRole(BeanDefinition.ROLE_INFRASTRUCTURE);
            bean.setLazyInit(false);
            registry.registerBeanDefinition(NAME, bean);
        }
    }
}
