package io.tradingbreaker.spring.autoconfigure;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/** Lets native images find the exceptions that the configuration names; what it names later, they do not find. */
final class ConfiguredExceptions implements BeanFactoryInitializationAotProcessor {

    private static final Set<String> LISTS = Set.of("ignoreexceptions", "recordexceptions");

    @Override
    public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
            ConfigurableListableBeanFactory beanFactory) {
        String name = ConfigurableApplicationContext.ENVIRONMENT_BEAN_NAME;
        if (!beanFactory.containsBean(name)) {
            return null;
        }
        List<String> exceptions = named(beanFactory.getBean(name, Environment.class));
        return exceptions.isEmpty()
                ? null
                : (generation, code) -> {
                    ReflectionHints hints = generation.getRuntimeHints().reflection();
                    exceptions.forEach(type -> hints.registerTypeIfPresent(beanFactory.getBeanClassLoader(), type));
                };
    }

    private static List<String> named(Environment environment) {
        Binder binder = Binder.get(environment);
        Set<ConfigurationPropertyName> lists = StreamSupport.stream(
                        ConfigurationPropertySources.get(environment).spliterator(), false)
                .filter(IterableConfigurationPropertySource.class::isInstance)
                .flatMap(source -> ((IterableConfigurationPropertySource) source).stream())
                .filter(PropertyKeys::isOurs)
                .map(name -> name.isLastElementIndexed() ? name.getParent() : name)
                .filter(name -> LISTS.contains(name.getLastElement(Form.UNIFORM)))
                .collect(Collectors.toSet());
        return lists.stream()
                .map(list -> binder.bind(list, Bindable.listOf(String.class)).orElse(null))
                .flatMap(Stream::ofNullable)
                .flatMap(List::stream)
                .map(String::strip)
                .filter(type -> !type.isEmpty())
                .distinct()
                .toList();
    }
}
